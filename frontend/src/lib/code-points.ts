const SURROGATE = /[\uD800-\uDFFF]/;

/**
 * Converts offsets counted in characters (code points, as the API counts) into offsets of a
 * JavaScript string (UTF-16 units): they differ after an emoji.
 */
export function utf16Offsets(
  text: string,
  { start, end }: { start: number; end: number },
): { start: number; end: number } {
  if (!SURROGATE.test(text)) {
    return { start: Math.min(start, text.length), end: Math.min(end, text.length) };
  }
  let units = 0;
  let points = 0;
  let from = text.length;
  for (const character of text) {
    if (points === start) from = units;
    if (points === end) return { start: from, end: units };
    units += character.length;
    points += 1;
  }
  return { start: Math.min(from, units), end: units };
}
