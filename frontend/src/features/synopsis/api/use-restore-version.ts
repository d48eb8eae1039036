import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api, call } from "@/lib/api/client";
import { invalidateEverywhere } from "@/lib/api/invalidate";
import { keys } from "@/lib/api/keys";

/** Makes an earlier version, or a draft, current again: as a new version, over nothing. */
export function useRestoreVersion(sessionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (version: number) => {
      const params = { path: { session_id: sessionId, number: version } };
      await call(api.POST("/sessions/{session_id}/synopsis/versions/{number}/restore", { params }));
    },
    onSuccess: () => invalidateEverywhere(client, keys.synopsis(sessionId)),
  });
}
