import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api, call } from "@/lib/api/client";
import { invalidateEverywhere } from "@/lib/api/invalidate";
import { keys } from "@/lib/api/keys";
import { ApiError } from "@/lib/api/problem";

import type { Kind } from "./kinds";
import { placesOf, type EditBody } from "./places";

interface Edit {
  /** What the edit of this kind takes. */
  body: object;
  /** The version that it is saved upon: if another one holds by now, nothing is saved. */
  upon: number;
}

/** Saves a person's change as a new version, over nothing. Answers the version's number. */
export function useSaveEdit(sessionId: string, kind: Kind) {
  const client = useQueryClient();
  const refresh = () => invalidateEverywhere(client, keys.artifact(sessionId, kind));
  return useMutation({
    mutationFn: async ({ body, upon }: Edit) => {
      const params = { path: { session_id: sessionId }, header: { "if-match": `"${upon}"` } };
      const answer = await call(api.PUT(placesOf(kind).current, { params, body: body as EditBody }));
      return answer.data.version;
    },
    onSuccess: refresh,
    onError: (error) =>
      error instanceof ApiError && error.status === 412 ? refresh() : undefined,
  });
}
