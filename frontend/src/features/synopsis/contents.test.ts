import { expect, it } from "vitest";

import type { SynopsisItem } from "@/lib/api/types";

import { contentsOf } from "./contents";

function heading(level: number, text: string): SynopsisItem {
  return { type: "heading", level, text, sources: [], grounded: true, repaired: false, edited: false };
}

it("is empty for short notes", () => {
  expect(contentsOf([heading(2, "a"), heading(2, "b"), heading(2, "c")])).toEqual([]);
});

it("counts depth from the highest level that occurs and points at the items", () => {
  const text: SynopsisItem = { type: "text", text: "t", sources: [], grounded: true, repaired: false, edited: false };
  const entries = contentsOf([text, heading(2, "a"), heading(3, "b"), heading(2, "c"), heading(4, "d")]);
  expect(entries.map(({ index, depth }) => [index, depth])).toEqual([
    [1, 0],
    [2, 1],
    [3, 0],
    [4, 2],
  ]);
});
