import { expect, it } from "vitest";

import type { Synopsis, SynopsisItem } from "@/lib/api/types";

import { bodyOf, newItem, problemsOf, valueOf, type ItemValue } from "./notes-value";

const marks = {
  sources: [{ materialId: "m1", start: 0, end: 9 }],
  grounded: false,
  repaired: true,
  edited: false,
};
const ITEMS: SynopsisItem[] = [
  { type: "heading", level: 1, text: "Queues", ...marks },
  { type: "text", text: "A queue  keeps\njobs.", ...marks },
  { type: "definition", term: "Lease", text: "a right", ...marks },
  { type: "list", items: ["one\nmore", "two"], ordered: true, ...marks },
  { type: "code", language: "python", text: "  x = 1\n", ...marks },
  { type: "note", text: "mind", ...marks },
];
const notes = { title: "Queues", items: ITEMS } as Synopsis;

function changed(index: number, change: Partial<ItemValue>) {
  const value = valueOf(notes);
  const items = value.items.map((item, place) => (place === index ? { ...item, ...change } : item));
  return { ...value, items };
}

it("sends items of every type as they were, as long as nothing was changed", () => {
  expect(bodyOf(valueOf(notes)).items).toEqual(ITEMS);
});

it("sends what was changed as the person's own, with the place that it came from", () => {
  const own = { sources: marks.sources, grounded: true, repaired: false, edited: true };
  expect(bodyOf(changed(5, { text: " mind it " })).items[5]).toEqual({
    type: "note",
    text: "mind it",
    ...own,
  });
  expect(bodyOf(changed(1, { type: "list", text: "one\n\n two" })).items[1]).toEqual({
    type: "list",
    items: ["one", "two"],
    ordered: false,
    ...own,
  });
  expect(bodyOf(changed(4, { text: "  x = 2\n" })).items[4]).toMatchObject({ text: "  x = 2\n" });
});

it("asks for a text, and for the term of a definition only", () => {
  expect(problemsOf(valueOf(notes))).toEqual({});
  expect(problemsOf(changed(2, { term: "", text: " " }))).toEqual({
    "items.2.text": "required",
    "items.2.term": "required",
  });
  expect(problemsOf(changed(1, { term: "" }))).toEqual({});
});

it("gives a new item a key that is free", () => {
  const { items } = valueOf(notes);
  const added = newItem(items.slice(2));
  expect(items.map(({ key }) => key)).not.toContain(added.key);
});
