import type { SynopsisItem } from "@/lib/api/types";

export interface ContentsEntry {
  /** The item's place among the notes; names its element, see `itemId`. */
  index: number;
  text: string;
  /** 0 for the highest level that occurs. */
  depth: number;
}

const FEWEST_HEADINGS = 4;

export function itemId(index: number): string {
  return `item-${index}`;
}

/** The headings of notes long enough to need a table of contents; else none. */
export function contentsOf(items: SynopsisItem[]): ContentsEntry[] {
  const headings = items.flatMap((item, index) =>
    item.type === "heading" ? [{ index, text: item.text, level: item.level }] : [],
  );
  if (headings.length < FEWEST_HEADINGS) return [];
  const highest = Math.min(...headings.map(({ level }) => level));
  return headings.map(({ index, text, level }) => ({ index, text, depth: level - highest }));
}
