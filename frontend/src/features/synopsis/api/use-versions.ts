import { useQuery } from "@tanstack/react-query";

import { api, call } from "@/lib/api/client";
import { keys } from "@/lib/api/keys";
import type { SynopsisVersion } from "@/lib/api/types";

/** The versions, newest first. */
export function useVersions(sessionId: string, enabled: boolean) {
  return useQuery({
    queryKey: keys.versions(sessionId),
    enabled,
    queryFn: async ({ signal }) => {
      const params = { path: { session_id: sessionId } };
      const request = api.GET("/sessions/{session_id}/synopsis/versions", { params, signal });
      const { data } = await call(request);
      return data.items.toSorted((a, b) => b.version - a.version);
    },
  });
}

/** One version with its items. It never changes, so it is asked for once. */
export function useVersion(sessionId: string, version: number | null) {
  return useQuery({
    queryKey: keys.version(sessionId, version ?? 0),
    enabled: version !== null,
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const params = { path: { session_id: sessionId, version: version ?? 0 } };
      const answer = await call(
        api.GET("/sessions/{session_id}/synopsis/versions/{version}", { params, signal }),
      );
      return answer.data as SynopsisVersion;
    },
  });
}
