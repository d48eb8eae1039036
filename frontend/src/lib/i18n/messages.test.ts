import i18next from "i18next";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import document from "../../../openapi.json";
import { ApiError } from "../api/problem";

import { describeError, describeFailure, describeNote } from "./dynamic";
import { en } from "./en";
import { ru } from "./ru";

function flatten(tree: object, prefix = ""): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(tree as Record<string, string | object>)) {
    if (typeof value === "string") flat.set(prefix + key, value);
    else for (const [path, text] of flatten(value, `${prefix}${key}.`)) flat.set(path, text);
  }
  return flat;
}

const PLURAL = /_(one|few|many|other)$/;
const english = flatten(en);
const russian = flatten(ru);

function placeholders(text: string): string[] {
  return (text.match(/{{\w+/g) ?? []).sort();
}

describe("translations", () => {
  it("has every plural form that its language needs", () => {
    for (const [language, messages] of [["en", english], ["ru", russian]] as const) {
      const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      const bases = [...messages.keys()].filter((key) => PLURAL.test(key));
      expect(bases.length).toBeGreaterThan(0);
      for (const base of new Set(bases.map((key) => key.replace(PLURAL, "")))) {
        for (const form of needed) expect(messages.has(`${base}_${form}`), `${language} ${base}_${form}`).toBe(true);
      }
    }
  });

  it("says the same things, with the same placeholders, and says something", () => {
    const nameOf = (key: string) => key.replace(PLURAL, "_other");
    for (const [key, text] of russian) {
      const original = english.get(nameOf(key));
      expect(original, key).toBeDefined();
      expect(placeholders(text), key).toEqual(placeholders(original ?? ""));
    }
    for (const [key, text] of [...english, ...russian]) expect(text.trim(), key).not.toBe("");
  });

  it("leaves no English in the Russian", () => {
    for (const [key, text] of russian) {
      if (english.get(key) === text) expect(text, key).not.toMatch(/[a-z]{4}/);
    }
  });
});

it("has a name for every agent that comes with Offstage", () => {
  const ids = Object.keys(document.paths).flatMap(
    (path) => /^\/jobs\/agents\/(\w+)\/v\d+$/.exec(path)?.[1] ?? [],
  );
  expect(ids).toContain("synopsis_manager");
  for (const id of ids) {
    for (const messages of [english, russian]) expect(messages.has(`jobs.agent.${id}`), id).toBe(true);
  }
});

describe("each error that a run or a request can end with", () => {
  const codes = document.components.schemas.JobErrorOut.properties.code.examples;
  // Of these no answer tells: they are the roots of others, or of requests that the page never makes.
  const unheard = ["operator_error", "precondition_required"];
  const keyed = ["invalid_idempotency_key", "idempotency_key_reused"];
  const heard = codes.filter((code) => ![...unheard, ...keyed].includes(code));

  beforeAll(() => i18next.changeLanguage("ru"));
  afterAll(() => i18next.changeLanguage("en"));

  it("is known by name", () => {
    expect(heard).toContain("provider_error");
    expect(heard).toContain("material_scan");
  });

  it.each(heard)("%s is explained in Russian, with what to do", (code) => {
    const unknown = ru.failures.unknown.title;
    for (const retryable of [true, false]) {
      const failure = describeFailure({ code, retryable });
      expect(failure.title).not.toBe(unknown);
      expect(failure.hint).toMatch(/[а-яё]{4}/);
    }
    const { title, hint } = describeError(new ApiError(500, code, "The server's sentence."));
    expect(title).toMatch(/[а-яё]{4}/);
    if (code !== "internal") expect(title).not.toBe(ru.problems.internal.title);
    expect(hint).not.toContain("The server's sentence.");
  });

  it("tells a provider that is busy from one that refuses", () => {
    const [busy, refused] = [true, false].map((retryable) =>
      describeFailure({ code: "provider_error", retryable }),
    );
    expect(busy).toEqual(ru.failures.provider_busy);
    expect(refused).toEqual(ru.failures.provider_refused);
  });
});

describe("words for what the API says", () => {
  it.each(["empty", "scan", "encrypted", "corrupt", "too_large", "unsupported", "mojibake", "mislabelled", "too_slow", "unreadable"])(
    "explains a material that is %s and what to do",
    (reason) => {
      const { title, hint } = describeError(new ApiError(422, `material_${reason}`, "server text"));
      expect(title).not.toBe(en.problems.internal.title);
      expect(hint).not.toBe("server text");
    },
  );

  it("goes by the status where it doesn't know the code, and names the fields at fault", () => {
    expect(describeError(new ApiError(429, "quota_of_tomorrow", "")).title).toBe(
      en.problems.too_many.title,
    );
    const fields = [{ field: "title", message: "too long" }];
    const { hint } = describeError(new ApiError(422, "invalid_query", "", { fields }));
    expect(hint).toContain("(title)");
  });

  it.each([
    ["rate_limited", 42_000, "in 42 seconds"],
    ["budget", 5 * 3_600_000 - 1, "in 5 hours"],
  ])("says of %s what it is and when to come back", (code, retryAfterMs, when) => {
    const { title, hint } = describeError(new ApiError(429, code, "", { retryAfterMs }));
    expect(title).not.toBe(en.problems.too_many.title);
    expect(hint).toContain(when);
  });

  it("falls back to the server's sentence for a code it doesn't know", () => {
    expect(describeError(new ApiError(418, "teapot", "I am a teapot.")).hint).toBe("I am a teapot.");
    expect(describeNote("Chapter 3: Trees")).toBe("Chapter 3: Trees");
  });

  it("never takes a code for a path to another message", () => {
    for (const code of ["toString", "details", "a.b"]) {
      expect(describeFailure({ code, retryable: false }).title).toBe(en.failures.unknown.title);
    }
    expect(describeNote("")).toBe("");
  });
});
