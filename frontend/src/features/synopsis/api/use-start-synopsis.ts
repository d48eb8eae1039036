import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api, call } from "@/lib/api/client";
import { invalidateEverywhere } from "@/lib/api/invalidate";
import { keys } from "@/lib/api/keys";
import { rememberSubmitted } from "@/lib/api/submitted-job";
import { SYNOPSIS_AGENT, type Submitted, type Unchanged } from "@/lib/api/types";

export interface SynopsisRequest {
  action: "create" | "update";
  instructions: string;
  /** Also if a version was made from the same input already. */
  anyway?: boolean;
}

/** A failed run, to be tried again with its wishes and with the steps that it had finished. */
interface Replay {
  replayOf: string;
}

export type SynopsisStart = SynopsisRequest | Replay;

async function startNew(sessionId: string, { action, instructions, anyway }: SynopsisRequest) {
  const wishes = instructions.trim();
  const answer = await call(
    api.POST("/agents/synopsis_manager/v1/synopsis", {
      params: { query: { mode: "background", reuse: anyway ? "never" : "unchanged" } },
      body: {
        session_id: sessionId,
        query: { action, ...(wishes === "" ? {} : { instructions: wishes }) },
        memory: "backend",
        apply_side_effects: true,
      },
    }),
  );
  // A third answer that the route knows is that of mode=sync.
  return answer.data as Submitted | Unchanged;
}

export function isUnchanged(answer: Submitted | Unchanged): answer is Unchanged {
  return "unchanged" in answer;
}

async function replay({ replayOf }: Replay): Promise<Submitted> {
  const params = { path: { job_id: replayOf } };
  return (await call(api.POST("/jobs/{job_id}/replay", { params }))).data;
}

/** Starts a run, or finds the one that is under way. */
export function useStartSynopsis(sessionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (start: SynopsisStart): Promise<Submitted | Unchanged> =>
      "replayOf" in start ? replay(start) : startNew(sessionId, start),
    onSuccess: (submitted) => {
      if (isUnchanged(submitted)) return undefined;
      rememberSubmitted(client, submitted, { sessionId, agent: SYNOPSIS_AGENT, version: "v1" });
      return invalidateEverywhere(client, keys.jobs(sessionId), keys.synopsis(sessionId));
    },
  });
}
