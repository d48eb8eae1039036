import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api, call } from "@/lib/api/client";
import { invalidateEverywhere } from "@/lib/api/invalidate";
import { keys } from "@/lib/api/keys";

/** Starts plan, notes, analysis and sources, each after the one before it; or joins what waits. */
export function useStartPipeline(sessionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const params = { path: { session_id: sessionId } };
      return (await call(api.POST("/sessions/{session_id}/pipeline", { params, body: {} }))).data;
    },
    onSuccess: () => invalidateEverywhere(client, keys.jobs(sessionId)),
  });
}
