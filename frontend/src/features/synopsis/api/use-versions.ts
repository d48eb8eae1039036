import { useQuery } from "@tanstack/react-query";

import { api, call } from "@/lib/api/client";
import { keys } from "@/lib/api/keys";
import { allPages } from "@/lib/api/pages";
import type { SynopsisVersion } from "@/lib/api/types";

/** The versions, newest first. */
export function useVersions(sessionId: string, enabled: boolean) {
  return useQuery({
    queryKey: keys.versions(sessionId),
    enabled,
    queryFn: ({ signal }) =>
      allPages(async (cursor) => {
        const params = { path: { session_id: sessionId }, query: cursor };
        const request = api.GET("/sessions/{session_id}/synopsis/versions", { params, signal });
        return (await call(request)).data;
      }),
  });
}

/** One version with its items. It never changes, so it is asked for once. */
export function useVersion(sessionId: string, version: number | null) {
  return useQuery({
    queryKey: keys.version(sessionId, version ?? 0),
    enabled: version !== null,
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const params = { path: { session_id: sessionId, number: version ?? 0 } };
      const answer = await call(
        api.GET("/sessions/{session_id}/synopsis/versions/{number}", { params, signal }),
      );
      return answer.data as SynopsisVersion;
    },
  });
}
