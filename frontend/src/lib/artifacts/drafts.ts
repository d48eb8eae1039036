import { skipToken, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";

import { keys } from "@/lib/api/keys";
import type { Artifacts } from "@/lib/api/types";

import type { Kind } from "./kinds";

/** A person's change that isn't saved yet. */
export interface Draft<K extends Kind = Kind> {
  /** The version that is being changed. */
  of: Artifacts[K];
  /** What the form holds; left out while it says the same as the version. */
  value?: unknown;
}

export function isUnsaved(draft: Draft | null): boolean {
  return draft?.value !== undefined;
}

/**
 * The draft of a kind in a session, or null. It lives beside what was read for this user, so that
 * it outlives a closed form and another page, and goes when the user signs out.
 */
export function useDraft<K extends Kind>(sessionId: string, kind: K) {
  const client = useQueryClient();
  const queryKey = keys.draft(sessionId, kind);
  const { data } = useQuery<Draft<K> | null>({
    queryKey,
    queryFn: skipToken,
    initialData: null,
    staleTime: Infinity,
    gcTime: Infinity,
  });
  const keep = (draft: Draft<K> | null) => {
    client.setQueryData(queryKey, draft);
  };
  /** The draft as it is now, also before the page has been drawn with it. */
  const latest = () => client.getQueryData<Draft<K> | null>(queryKey) ?? null;
  return [data ?? null, keep, latest] as const;
}

/** Lets the browser ask before it leaves a page with unsaved changes. Returns the way to stop. */
export function guardDrafts(client: QueryClient): () => void {
  const ask = (event: BeforeUnloadEvent) => {
    const drafts = client.getQueriesData<Draft | null>({ queryKey: keys.drafts });
    if (drafts.some(([, draft]) => isUnsaved(draft ?? null))) event.preventDefault();
  };
  window.addEventListener("beforeunload", ask);
  return () => window.removeEventListener("beforeunload", ask);
}
