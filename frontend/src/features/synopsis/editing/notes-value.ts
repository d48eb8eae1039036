import { asLine, freshKey, linesOf } from "@/components/artifacts/editor/list";
import type { ProblemCode } from "@/components/artifacts/editor/problems";
import type { Synopsis, SynopsisItem } from "@/lib/api/types";

export const ITEM_TYPES = ["heading", "text", "definition", "list", "code", "note"] as const;

/** An item as its form holds it: all types share the text, so that changing the type loses nothing. */
export interface ItemValue {
  key: string;
  /** As it was saved; null for a new one. */
  before: SynopsisItem | null;
  type: SynopsisItem["type"];
  /** A list has a point to a line. */
  text: string;
  term: string;
  language: string;
  level: number;
  ordered: boolean;
}

export interface NotesValue {
  title: string;
  items: ItemValue[];
}

function formOf(item: SynopsisItem, key: string): ItemValue {
  return {
    key,
    before: item,
    type: item.type,
    text: item.type === "list" ? item.items.map(asLine).join("\n") : item.text,
    term: item.type === "definition" ? item.term : "",
    language: item.type === "code" ? item.language : "",
    level: item.type === "heading" ? item.level : 2,
    ordered: item.type === "list" && item.ordered,
  };
}

export function valueOf({ title, items }: Synopsis): NotesValue {
  return { title, items: items.map((item, index) => formOf(item, `${index}`)) };
}

export function newItem(others: readonly ItemValue[]): ItemValue {
  const blank = { text: "", term: "", language: "", level: 2, ordered: false };
  return { key: freshKey(others), before: null, type: "text", ...blank };
}

export function problemsOf({ title, items }: NotesValue): Record<string, ProblemCode> {
  const found: Record<string, ProblemCode> = {};
  if (title.trim() === "") found["title"] = "required";
  for (const [index, { type, text, term }] of items.entries()) {
    if (text.trim() === "") found[`items.${index}.text`] = "required";
    if (type === "definition" && term.trim() === "") found[`items.${index}.term`] = "required";
  }
  return found;
}

function isAsItWas(item: ItemValue): boolean {
  return item.before !== null && JSON.stringify(formOf(item.before, item.key)) === JSON.stringify(item);
}

function saidBy({ type, text, term, language, level, ordered }: ItemValue) {
  switch (type) {
    case "heading":
      return { type, level, text: text.trim() };
    case "definition":
      return { type, term: term.trim(), text: text.trim() };
    case "list":
      return { type, items: linesOf(text), ordered };
    case "code":
      return { type, language: language.trim(), text };
    case "text":
    case "note":
      return { type, text: text.trim() };
  }
}

/** What a person wrote is theirs: nobody marks it as the model's invention. Its place stays known. */
function bodyOfItem(item: ItemValue): SynopsisItem {
  if (item.before !== null && isAsItWas(item)) return item.before;
  const sources = item.before?.sources ?? [];
  return { ...saidBy(item), sources, grounded: true, repaired: false, edited: true };
}

export function bodyOf({ title, items }: NotesValue) {
  return { title: title.trim(), items: items.map(bodyOfItem) };
}
