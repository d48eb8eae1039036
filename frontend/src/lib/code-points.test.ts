import { expect, it } from "vitest";

import { utf16Offsets } from "./code-points";

function cut(text: string, start: number, end: number): string {
  const span = utf16Offsets(text, { start, end });
  return text.slice(span.start, span.end);
}

it("cuts plain text where it is told", () => {
  expect(cut("Дерево решений", 7, 14)).toBe("решений");
});

it("counts an emoji as one character, as the API does", () => {
  expect(cut("🌲🌲 дерево 🌲 лес", 3, 9)).toBe("дерево");
  expect(cut("лес 🌲", 4, 5)).toBe("🌲");
});

it("stops at the end of the text", () => {
  expect(cut("короткий", 5, 500)).toBe("кий");
  expect(cut("🌲", 5, 9)).toBe("");
});
