import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api, call } from "@/lib/api/client";
import { invalidateEverywhere } from "@/lib/api/invalidate";
import { keys } from "@/lib/api/keys";

import type { Kind } from "./kinds";
import { placesOf } from "./places";

/** Makes an earlier version, or a draft, current again: as a new version, over nothing. */
export function useRestoreVersion(sessionId: string, kind: Kind) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (version: number) => {
      const params = { path: { session_id: sessionId, number: version } };
      await call(api.POST(placesOf(kind).restore, { params }));
    },
    onSuccess: () => invalidateEverywhere(client, keys.artifact(sessionId, kind)),
  });
}
