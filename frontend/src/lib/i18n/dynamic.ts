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

/** What to say about a code we have no words for. */
const WORDS_FOR_STATUS: Record<number, string> = {
  404: "not_found",
  409: "conflict",
  412: "conflict",
  413: "too_large",
  422: "invalid_query",
  429: "too_many",
  503: "unavailable",
};

/** Refusals that end by themselves, at a time that the API tells. */
const WAITS = new Set(["rate_limited", "budget"]);

const UNITS = [
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

/** "in 5 minutes", in the page's language. */
function inTime(ms: number): string {
  const [unit, unitMs] = UNITS.find(([, length]) => ms >= length) ?? ["second", 1_000];
  return new Intl.RelativeTimeFormat(i18next.language).format(Math.ceil(ms / unitMs), unit);
}

function wordsFor(code: string) {
  const title = lookup(`problems.${code}`, "title");
  const hint = lookup(`problems.${code}`, "hint");
  return title !== undefined && hint !== undefined ? { title, hint } : undefined;
}

/** An error in a person's words: what is wrong, and what to do. */
export function describeError(error: unknown): { title: string; hint: string } {
  if (error instanceof ApiError) {
    const words = wordsFor(error.code) ?? wordsFor(WORDS_FOR_STATUS[error.status] ?? "");
    if (words && WAITS.has(error.code) && error.retryAfterMs !== undefined) {
      const again = i18next.t("problems.tryAgain", { when: inTime(error.retryAfterMs) });
      return { ...words, hint: `${words.hint} ${again}` };
    }
    const fields = error.fields.map(({ field }) => field).join(", ");
    if (words) return fields === "" ? words : { ...words, hint: `${words.hint} (${fields})` };
  }
  const detail = error instanceof ApiError ? error.message : "";
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
