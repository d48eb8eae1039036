import { useQuery } from "@tanstack/react-query";

import { api, call } from "./client";
import { keys } from "./keys";

/** A material with its text. A material never changes, so it is asked for once. */
export function useMaterialText(sessionId: string, materialId: string | null, enabled = true) {
  return useQuery({
    queryKey: keys.material(sessionId, materialId ?? ""),
    enabled: enabled && materialId !== null,
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const answer = await call(
        api.GET("/sessions/{session_id}/materials/{material_id}", {
          params: { path: { session_id: sessionId, material_id: materialId ?? "" } },
          signal,
        }),
      );
      return answer.data;
    },
  });
}
