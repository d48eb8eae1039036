import { expect, it } from "vitest";

import { passagesOf } from "./passages";

const span = (start: number, end: number, materialId = "m1") => ({ materialId, start, end });

it("joins neighbours and overlaps, in the order of the text", () => {
  expect(passagesOf([span(13, 20), span(0, 10), span(15, 18)])).toEqual([span(0, 20)]);
});

it("keeps apart what lies apart, or in another material", () => {
  const apart = [span(0, 10), span(50, 60), span(61, 70, "m2")];
  expect(passagesOf(apart)).toEqual(apart);
});
