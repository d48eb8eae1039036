import i18next from "i18next";

import { ApiError } from "@/lib/api/problem";

/** The message at a key made at run time (`jobs.failure.<code>`); undefined when there is none. */
export function lookup(prefix: string, name: string): string | undefined {
  const key = `${prefix}.${name}`;
  // Parts of the key come from the API: a colon would be read as a namespace.
  if (!/^[\w.]+$/.test(key) || !i18next.exists(key)) return undefined;
  const translate = i18next.t as (key: string) => string;
  return translate(key);
}

/** An error in a person's words: what is wrong, and what to do. */
export function describeError(error: unknown): { title: string; hint: string } {
  const code = error instanceof ApiError ? error.code : "internal";
  const title = lookup(`problems.${code}`, "title");
  const hint = lookup(`problems.${code}`, "hint");
  if (title !== undefined && hint !== undefined) return { title, hint };
  const detail = error instanceof Error ? error.message : "";
  return {
    title: i18next.t("problems.internal.title"),
    hint: detail || i18next.t("problems.internal.hint"),
  };
}

/** Why a job failed. The server's own sentence stands in for a code we don't know. */
export function describeFailure(error: { code: string; message: string }): string {
  return lookup("jobs.failure", error.code) ?? error.message;
}

/** What a job is doing now; a note that isn't one of our keys is shown as it came. */
export function describeNote(note: string): string {
  return lookup("progress.note", note) ?? note;
}
