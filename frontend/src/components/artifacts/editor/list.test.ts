import { expect, it } from "vitest";

import { asLine, inserted, linesOf, moved, removed, replaced, rowsOf } from "./list";
import { problemAt } from "./problems";

it("changes a copy", () => {
  const list = ["a", "b", "c"];
  expect(moved(list, 0, 1)).toEqual(["b", "a", "c"]);
  expect(moved(list, 2, -1)).toEqual(["a", "c", "b"]);
  expect(moved(list, 0, -1)).toEqual(list);
  expect(moved(list, 2, 1)).toEqual(list);
  expect(inserted(list, 1, "x")).toEqual(["a", "x", "b", "c"]);
  expect(removed(list, 1)).toEqual(["a", "c"]);
  expect(replaced(list, 1, "x")).toEqual(["a", "x", "c"]);
  expect(list).toEqual(["a", "b", "c"]);
});

it("reads points line by line", () => {
  expect(linesOf(" one \n\n two\n")).toEqual(["one", "two"]);
  expect(asLine(" one\n more ")).toBe("one more");
});

it("finds what is wrong with a field, or with something in it, and nothing of another field", () => {
  const problems = { "modules.1.title": "empty", "modules.1.objectives.0.text": "too long" };
  expect(problemAt(problems, "modules.1.title")).toBe("empty");
  expect(problemAt(problems, "modules.1.objectives")).toBe("too long");
  expect(problemAt(problems, "modules.1.minutes")).toBeUndefined();
  expect(problemAt({ "modules.10.title": "empty" }, "modules.1")).toBeUndefined();
});

it("makes a field as high as its text, within bounds", () => {
  expect(rowsOf("")).toBe(1);
  expect(rowsOf("one\ntwo", 3)).toBe(3);
  expect(rowsOf("x".repeat(150))).toBe(3);
  expect(rowsOf("line\n".repeat(99))).toBe(14);
});
