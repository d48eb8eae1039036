import { useQuery } from "@tanstack/react-query";

import { api, call } from "@/lib/api/client";
import { keys } from "@/lib/api/keys";
import { allPages } from "@/lib/api/pages";
import type { Span } from "@/lib/api/types";

/** How many of the items, given by their sources, rest on material that was deleted since. */
export function useGoneSources(sessionId: string, cited: Span[][]): number {
  const { data } = useQuery({
    queryKey: [...keys.materials(sessionId), "ids"],
    queryFn: async ({ signal }) => {
      const found = await allPages(async (cursor) => {
        const params = { path: { session_id: sessionId }, query: cursor };
        return (await call(api.GET("/sessions/{session_id}/materials", { params, signal }))).data;
      });
      return found.map(({ id }) => id);
    },
  });
  if (data === undefined) return 0;
  const there = new Set(data);
  return cited.filter((sources) => sources.some(({ materialId }) => !there.has(materialId))).length;
}
