import { freshKey } from "@/components/artifacts/editor/list";
import type { ProblemCode } from "@/components/artifacts/editor/problems";
import type { Sources } from "@/lib/api/types";

import { placeOf, type Place } from "./web-place";

type FoundSource = Sources["sources"][number];

/** A source as its form holds it. */
export interface SourceValue {
  key: string;
  /** As it was saved; null for a new one. */
  before: FoundSource | null;
  kind: FoundSource["kind"];
  title: string;
  /** A DOI or an address on the web. */
  address: string;
  why: string;
  /** Ids of gaps. */
  closes: string[];
}

export interface SourcesValue {
  title: string;
  /** What is missing; not changed here. */
  gaps: Sources["gaps"];
  sources: SourceValue[];
}

export function valueOf({ title, gaps, sources }: Sources): SourcesValue {
  return {
    title,
    gaps,
    sources: sources.map((source, index) => ({
      key: String(index),
      before: source,
      kind: source.kind,
      title: source.title,
      address: addressOf(source),
      why: source.why,
      closes: source.closes,
    })),
  };
}

function addressOf({ url, doi }: Place): string {
  return url ?? doi ?? "";
}

export function newSource(others: readonly SourceValue[]): SourceValue {
  const blank = { title: "", address: "", why: "", closes: [] };
  return { key: freshKey(others), before: null, kind: "other", ...blank };
}

export function problemsOf({ title, sources }: SourcesValue): Record<string, ProblemCode> {
  const found: Record<string, ProblemCode> = {};
  if (title.trim() === "") found["title"] = "required";
  for (const [index, source] of sources.entries()) {
    const at = `sources.${index}`;
    if (source.title.trim() === "") found[`${at}.title`] = "required";
    if (source.why.trim() === "") found[`${at}.why`] = "required";
    if (placeIn(source) === undefined) found[`${at}.address`] = "webAddress";
  }
  return found;
}

/** Where it is: as it was, where nobody changed that, whatever was saved. */
function placeIn({ before, address }: SourceValue): Place | undefined {
  if (before !== null && addressOf(before) === address) return { url: before.url, doi: before.doi };
  return placeOf(address);
}

const OWN = {
  providers: [],
  excerpt: "",
  grounded: true,
  score: 0,
  sessionId: null,
  sessionTitle: null,
  material: null,
  authors: [],
  year: null,
  edited: true,
};

function bodyOfSource(source: SourceValue): FoundSource {
  const { before, kind, title, why, closes } = source;
  const place = placeIn(source) ?? { url: null, doi: null };
  return { ...OWN, ...before, ...place, kind, title: title.trim(), why: why.trim(), closes };
}

export function bodyOf({ title, sources }: SourcesValue) {
  return { title: title.trim(), sources: sources.map(bodyOfSource) };
}
