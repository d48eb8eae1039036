import { expect, it } from "vitest";

import type { SynopsisItem } from "@/lib/api/types";

import { toMarkdown } from "./markdown";

const grounded = { sources: [], grounded: true, repaired: false };

function markdown(...items: SynopsisItem[]): string {
  return toMarkdown({ title: "Деревья", items }, "нет в материале");
}

it("writes each type of item", () => {
  const text = markdown(
    { type: "heading", level: 1, text: "Сплиты", ...grounded },
    { type: "text", text: "Первый.", ...grounded },
    { type: "definition", term: "Лист", text: "конец ветви", ...grounded },
    { type: "list", items: ["раз", "два"], ordered: true, ...grounded },
    { type: "code", language: "python", text: "a = 1", ...grounded },
    { type: "note", text: "две\nстроки", ...grounded },
  );
  expect(text).toBe(
    [
      "# Деревья",
      "## Сплиты",
      "Первый.",
      "**Лист** — конец ветви",
      "1. раз\n2. два",
      "```python\na = 1\n```",
      "> две\n> строки\n",
    ].join("\n\n"),
  );
});

it("says what the material doesn't", () => {
  const item: SynopsisItem = { type: "text", text: "Выдумка.", sources: [], grounded: false, repaired: false };
  expect(markdown(item)).toContain("*(нет в материале)*\n\nВыдумка.");
});

it("keeps text from turning into markup", () => {
  const item: SynopsisItem = { type: "text", text: "# не <b>заголовок</b> *и*", ...grounded };
  expect(markdown(item)).toContain("\\# не \\<b\\>заголовок\\</b\\> \\*и\\*");
});

it("fences code that holds fences", () => {
  const item: SynopsisItem = { type: "code", language: "", text: "```\nx\n```", ...grounded };
  expect(markdown(item)).toContain("````\n```\nx\n```\n````");
});
