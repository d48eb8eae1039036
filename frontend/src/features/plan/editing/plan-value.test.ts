import { describe, expect, it } from "vitest";

import type { Plan } from "@/lib/api/types";

import { bodyOf, minutesOf, newModule, problemsOf, valueOf, withoutGone } from "./plan-value";

const sources = [{ materialId: "m1", start: 0, end: 9 }];
const module = (id: string, more: object = {}) => ({
  id,
  title: `Module ${id}`,
  objectives: [{ text: "Know queues", sources, grounded: true }],
  prerequisites: [] as string[],
  minutes: 30,
  covers: sources,
  check: { question: "What is a lease?", answer: "A right.", sources, grounded: true },
  own: [],
  ...more,
});
const plan = {
  title: "Queues",
  goal: "",
  level: "beginner",
  modules: [module("a"), module("b", { prerequisites: ["a"], check: null })],
} as unknown as Plan;

describe("what is sent", () => {
  it("is what was saved, as long as nothing was changed", () => {
    expect(bodyOf(valueOf(plan)).modules).toEqual(plan.modules);
  });

  it("keeps the sources of what stands, and takes them from what a person wrote", () => {
    const value = valueOf(plan);
    const [first] = value.modules;
    if (first === undefined) throw new Error("no module");
    first.objectives = "Know queues\n\n  Name a lease  ";
    first.answer = "A time.";
    const [sent] = bodyOf(value).modules;
    expect(sent?.objectives).toEqual([
      { text: "Know queues", sources, grounded: true },
      { text: "Name a lease", sources: [], grounded: true },
    ]);
    expect(sent?.check).toEqual({
      question: "What is a lease?",
      answer: "A time.",
      sources: [],
      grounded: true,
    });
  });

  it("has no check where both its fields were emptied", () => {
    const value = valueOf(plan);
    const modules = value.modules.map((each) => ({ ...each, question: " ", answer: "" }));
    expect(problemsOf({ ...value, modules })).toEqual({});
    expect(bodyOf({ ...value, modules }).modules[0]?.check).toBeNull();
  });
});

describe("what is wrong", () => {
  it("is nothing with a plan as it was saved", () => {
    expect(problemsOf(valueOf(plan))).toEqual({});
  });

  it("is told by its place", () => {
    const value = valueOf(plan);
    const [first, second] = value.modules;
    if (first === undefined || second === undefined) throw new Error("no modules");
    const modules = [second, { ...first, title: " ", minutes: "0", question: "" }];
    expect(problemsOf({ ...value, title: "", modules })).toEqual({
      title: "required",
      "modules.0.prerequisites": "comesLater",
      "modules.1.title": "required",
      "modules.1.minutes": "wholeNumber",
      "modules.1.check.question": "half",
    });
  });

  it.each([["45", 45], [" 5 ", 5], ["0", undefined], ["1.5", undefined], ["1e3", undefined], ["", undefined]])(
    "reads %o as minutes",
    (text, minutes) => {
      expect(minutesOf(text)).toBe(minutes);
    },
  );
});

it("gives a new module an id that is free", () => {
  const value = valueOf(plan);
  const one = newModule(value.modules);
  expect(newModule([...value.modules, one]).key).not.toBe(one.key);
});

it("forgets what a module built on when that is removed", () => {
  const [, second] = withoutGone(valueOf(plan).modules);
  expect(second?.prerequisites).toEqual(["a"]);
  expect(withoutGone(valueOf(plan).modules.slice(1))[0]?.prerequisites).toEqual([]);
});
