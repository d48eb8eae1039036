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
  400: "bad_request",
  403: "cross_site",
  404: "not_found",
  409: "conflict",
  412: "conflict",
  413: "too_large",
  421: "cross_site",
  422: "invalid_query",
  428: "version_changed",
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

/** What is wrong, and what to do. */
export interface Explained {
  title: string;
  hint: string;
}

/** Of requests (`problems`) and of runs (`failures`), whichever is asked first. */
function wordsFor(code: string, ...places: ("problems" | "failures")[]): Explained | undefined {
  for (const place of places) {
    const title = lookup(`${place}.${code}`, "title");
    const hint = lookup(`${place}.${code}`, "hint");
    if (title !== undefined && hint !== undefined) return { title, hint };
  }
  return undefined;
}

/** A provider that is busy and one that refuses have the same code and ask for different things. */
function withKind(code: string, isPassing: boolean): string {
  if (code !== "provider_error") return code;
  return isPassing ? "provider_busy" : "provider_refused";
}

/** An error in a person's words. */
export function describeError(error: unknown): Explained {
  if (error instanceof ApiError) {
    const words =
      wordsFor(withKind(error.code, error.status === 503), "problems", "failures") ??
      wordsFor(WORDS_FOR_STATUS[error.status] ?? "", "problems");
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

/** Why a job failed, in a person's words; what the server says of it is for whoever repairs it. */
export function describeFailure(error: { code: string; retryable: boolean }): Explained {
  const words = wordsFor(withKind(error.code, error.retryable), "failures", "problems");
  return words ?? { title: i18next.t("failures.unknown.title"), hint: i18next.t("failures.unknown.hint") };
}

/** What a job is doing now; a note that isn't one of our keys is shown as it came. */
export function describeNote(note: string): string {
  return lookup("progress.note", note) ?? note;
}
