import { useQuery } from "@tanstack/react-query";

import { api, call } from "@/lib/api/client";
import { keys } from "@/lib/api/keys";

/** What makes one version out of another. Versions never change, so it is asked for once. */
export function useDiff(sessionId: string, version: number, against: number) {
  return useQuery({
    queryKey: keys.diff(sessionId, version, against),
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const params = { path: { session_id: sessionId, number: version }, query: { against } };
      const request = api.GET("/sessions/{session_id}/synopsis/versions/{number}/diff", {
        params,
        signal,
      });
      return (await call(request)).data;
    },
  });
}
