import { describe, expect, it } from "vitest";

import type { Sources } from "@/lib/api/types";

import { bodyOf, newSource, problemsOf, valueOf } from "./sources-value";
import { placeOf } from "./web-place";

const found = {
  title: "Sources",
  gaps: [{ id: "g1", topic: "Leases", why: "Little.", origin: "notes", queries: ["lease"], sources: [] }],
  sources: [
    {
      kind: "article",
      title: "Leases",
      providers: ["crossref"],
      closes: ["g1"],
      why: "Explains them.",
      excerpt: "A lease is a contract.",
      grounded: true,
      edited: false,
      score: 0.8,
      sessionId: null,
      sessionTitle: null,
      material: null,
      url: "https://example.org/leases",
      doi: "10.1145/74851",
      authors: ["C. Gray"],
      year: 1989,
    },
  ],
} as unknown as Sources;

describe("sources in their form", () => {
  it("are sent as they were while nobody changes them", () => {
    expect(bodyOf(valueOf(found))).toEqual({ title: found.title, sources: found.sources });
  });

  it("keep what a person doesn’t change of one", () => {
    const value = valueOf(found);
    const [first] = value.sources;
    if (first === undefined) throw new Error("no source");
    const [sent] = bodyOf({ ...value, sources: [{ ...first, why: " Mine. ", closes: [] }] }).sources;
    expect(sent).toEqual({ ...found.sources[0], why: "Mine.", closes: [] });
  });

  it("take a new one with no more than its title and what it is good for", () => {
    const value = valueOf(found);
    const own = { ...newSource(value.sources), title: "My book", why: "Has proofs." };
    expect(problemsOf({ ...value, sources: [own] })).toEqual({});
    const [sent] = bodyOf({ ...value, sources: [own] }).sources;
    expect(sent).toMatchObject({ title: "My book", providers: [], closes: [], url: null, doi: null });
  });

  it("say what is wrong with each", () => {
    const value = valueOf(found);
    const own = { ...newSource(value.sources), address: "javascript:alert(1)" };
    expect(problemsOf({ ...value, sources: [...value.sources, own] })).toEqual({
      "sources.1.title": "required",
      "sources.1.why": "required",
      "sources.1.address": "webAddress",
    });
  });
});

describe("a place on the web", () => {
  it.each(["10.1145/74851.74870", "doi: 10.1145/74851.74870", "https://doi.org/10.1145/74851.74870"])(
    "is a DOI: %s",
    (said) => {
      const doi = "10.1145/74851.74870";
      expect(placeOf(said)).toEqual({ url: `https://doi.org/${doi}`, doi });
    },
  );

  it.each([
    ["https://example.org/a?b=c", "https://example.org/a?b=c"],
    [" example.org/a ", "https://example.org/a"],
    ["example.org?q=1", "https://example.org/?q=1"],
  ])("is an address: %s", (said, url) => expect(placeOf(said)).toEqual({ url, doi: null }));

  it.each(["javascript:alert(1)", "ftp://example.org", "see the library", "https://a b.org"])(
    "is no such thing: %s",
    (said) => expect(placeOf(said)).toBeUndefined(),
  );
});
