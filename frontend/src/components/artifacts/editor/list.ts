/** Changes of an ordered list. Pure: each answers a new list. */

export function replaced<T>(list: readonly T[], index: number, item: T): T[] {
  return list.map((each, place) => (place === index ? item : each));
}

export function inserted<T>(list: readonly T[], index: number, item: T): T[] {
  return [...list.slice(0, index), item, ...list.slice(index)];
}

export function removed<T>(list: readonly T[], index: number): T[] {
  return list.filter((_, place) => place !== index);
}

/** The item one place up (-1) or down (1); at an end the list stays as it is. */
export function moved<T>(list: readonly T[], index: number, by: -1 | 1): T[] {
  const item = list[index];
  const other = list[index + by];
  if (item === undefined || other === undefined) return [...list];
  return replaced(replaced(list, index, other), index + by, item);
}

/** A key that none of the others has. */
export function freshKey(others: readonly { key: string }[]): string {
  return String(Math.max(-1, ...others.map(({ key }) => Number(key))) + 1);
}

/** The lines of a text that say something. */
export function linesOf(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

/** A point of a list as one line, so that a form can show a list as lines. */
export function asLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

const CHARS_A_ROW = 70;
const ROWS_AT_MOST = 14;

/** How high a field is, about as high as what is in it. */
export function rowsOf(text: string, atLeast = 1): number {
  const lines = text.split("\n");
  const rows = lines.reduce((sum, line) => sum + 1 + Math.floor(line.length / CHARS_A_ROW), 0);
  return Math.max(atLeast, Math.min(ROWS_AT_MOST, rows));
}
