/** What is wrong with a form, by the place of the field: `modules.2.title`. */
export type Problems = Readonly<Record<string, string>>;

/** What the page itself finds wrong; the words for it are at `editing.problem`. */
export type ProblemCode = "required" | "wholeNumber" | "comesLater" | "half" | "webAddress";

/** What is wrong with a field: what was said of its own place, else of anything inside it. */
export function problemAt(problems: Problems, place: string): string | undefined {
  return problems[place] ?? Object.entries(problems).find(([at]) => at.startsWith(`${place}.`))?.[1];
}
