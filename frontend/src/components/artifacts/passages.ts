import type { Span } from "@/lib/api/types";

/** Spans this near, in characters, are one passage to a reader: a line break, a bullet, a number. */
const NEAR = 12;

/** An item's sources as passages to read: in order, and neighbours joined. */
export function passagesOf(sources: Span[]): Span[] {
  const passages: Span[] = [];
  const inOrder = sources.toSorted(
    (a, b) => a.materialId.localeCompare(b.materialId) || a.start - b.start,
  );
  for (const span of inOrder) {
    const last = passages.at(-1);
    if (last?.materialId === span.materialId && span.start - last.end <= NEAR) {
      passages[passages.length - 1] = { ...last, end: Math.max(last.end, span.end) };
    } else passages.push(span);
  }
  return passages;
}
