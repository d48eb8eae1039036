import { expect, it } from "vitest";

import { paragraphsOf } from "./paragraphs";

const text = "first line\n\nsecond 🌲 line\nthird";

it("keeps every character", () => {
  const whole = paragraphsOf(text, { start: 3, end: 20 });
  expect(whole.map((p) => p.before + p.marked + p.after).join("\n")).toBe(text);
});

it("marks a passage across lines and opens it once", () => {
  const marked = paragraphsOf(text, { start: 6, end: 18 });
  expect(marked.map((p) => p.marked)).toEqual(["line", "", "second", ""]);
  expect(marked.filter((p) => p.opensPassage)).toHaveLength(1);
});

it("marks nothing without a passage", () => {
  expect(paragraphsOf(text, null).every((p) => p.marked === "")).toBe(true);
});
