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

/** The lines of a text that say something. */
export function linesOf(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

/** A point of a list as one line, so that a form can show a list as lines. */
export function asLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
