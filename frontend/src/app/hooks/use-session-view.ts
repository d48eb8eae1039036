import { useLocation, useSearch } from "wouter";

import type { Span } from "@/lib/api/types";
import { isKind, type Kind } from "@/lib/artifacts/kinds";

function numberIn(params: URLSearchParams, name: string): number | null {
  const value = params.get(name);
  return value !== null && /^\d+$/.test(value) ? Number(value) : null;
}

function passageIn(params: URLSearchParams) {
  const start = numberIn(params, "start");
  const end = numberIn(params, "end");
  return start !== null && end !== null && end > start ? { start, end } : null;
}

/**
 * What is open over a session's page. It lives in the address, so that a reload, the back button
 * and a shared link show the same.
 */
export function useSessionView(sessionId: string) {
  const search = useSearch();
  const [, navigate] = useLocation();
  const params = new URLSearchParams(search);
  const shown = params.get("view");

  const addressWith = (changes: Record<string, string | null>) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) next.delete(name);
      else next.set(name, value);
    }
    const query = next.toString();
    return `/s/${sessionId}${query === "" ? "" : `?${query}`}`;
  };
  const go = (changes: Record<string, string | null>) => navigate(addressWith(changes));
  const openMaterial = (materialId: string) => go({ material: materialId, start: null, end: null });

  return {
    openKind: isKind(shown) ? shown : null,
    version: numberIn(params, "version"),
    materialId: params.get("material"),
    passage: passageIn(params),
    resultOf: params.get("result"),
    openResult: (jobId: string) => go({ result: jobId }),
    closeResult: () => go({ result: null }),
    openArtifact: (kind: Kind) => go({ view: kind, version: null, material: null }),
    closeArtifact: () => go({ view: null, version: null }),
    chooseVersion: (version: number | null) =>
      go({ version: version === null ? null : String(version) }),
    openMaterial,
    closeMaterial: () => go({ material: null, start: null, end: null }),
    hrefOf: (span: Span) =>
      addressWith({
        material: span.materialId,
        start: String(span.start),
        end: String(span.end),
      }),
  };
}

export type SessionView = ReturnType<typeof useSessionView>;
