import { useQuery } from "@tanstack/react-query";

import { api, call } from "@/lib/api/client";
import { keys } from "@/lib/api/keys";

import type { Kind } from "./kinds";
import { placesOf } from "./places";

/** What makes one version out of another. Versions never change, so it is asked for once. */
export function useDiff(sessionId: string, kind: Kind, version: number, against: number) {
  return useQuery({
    queryKey: keys.diff(sessionId, kind, version, against),
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const params = { path: { session_id: sessionId, number: version }, query: { against } };
      return (await call(api.GET(placesOf(kind).diff, { params, signal }))).data;
    },
  });
}
