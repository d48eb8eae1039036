import { utf16Offsets } from "@/lib/code-points";

/** Characters `start` to `end` (exclusive) of a material's text. */
export interface Passage {
  start: number;
  end: number;
}

export interface Paragraph {
  /** Where it starts in the text; serves as its key. */
  start: number;
  before: string;
  marked: string;
  after: string;
  /** The passage's first marked paragraph. */
  opensPassage: boolean;
}

/** Cuts a text into lines and marks the passage in them, so that long texts render lazily. */
export function paragraphsOf(text: string, passage: Passage | null): Paragraph[] {
  const span = passage === null ? { start: 0, end: 0 } : utf16Offsets(text, passage);
  let start = 0;
  let isOpened = false;
  return text.split("\n").map((line) => {
    const from = Math.min(Math.max(span.start - start, 0), line.length);
    const to = Math.max(Math.min(span.end - start, line.length), from);
    const marked = line.slice(from, to);
    const opensPassage = marked !== "" && !isOpened;
    isOpened ||= opensPassage;
    const paragraph = {
      start,
      before: line.slice(0, from),
      marked,
      after: line.slice(to),
      opensPassage,
    };
    start += line.length + 1;
    return paragraph;
  });
}
