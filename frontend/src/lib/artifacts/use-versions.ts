import { useQuery } from "@tanstack/react-query";

import { api, call } from "@/lib/api/client";
import { keys } from "@/lib/api/keys";
import { allPages } from "@/lib/api/pages";
import type { ArtifactVersions } from "@/lib/api/types";

import type { Kind } from "./kinds";
import { placesOf } from "./places";

/** The versions, newest first. */
export function useVersions(sessionId: string, kind: Kind, enabled: boolean) {
  return useQuery({
    queryKey: keys.versions(sessionId, kind),
    enabled,
    queryFn: ({ signal }) =>
      allPages(async (cursor) => {
        const params = { path: { session_id: sessionId }, query: cursor };
        return (await call(api.GET(placesOf(kind).versions, { params, signal }))).data;
      }),
  });
}

/** One version with its content. It never changes, so it is asked for once. */
export function useVersion<K extends Kind>(sessionId: string, kind: K, version: number | null) {
  return useQuery({
    queryKey: keys.version(sessionId, kind, version ?? 0),
    enabled: version !== null,
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const params = { path: { session_id: sessionId, number: version ?? 0 } };
      const answer = await call(api.GET(placesOf(kind).version, { params, signal }));
      return answer.data as unknown as ArtifactVersions[K];
    },
  });
}
