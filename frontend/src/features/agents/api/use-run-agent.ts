import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api, call } from "@/lib/api/client";
import { invalidateEverywhere } from "@/lib/api/invalidate";
import { keys } from "@/lib/api/keys";
import { rememberSubmitted } from "@/lib/api/submitted-job";
import type { Submitted } from "@/lib/api/types";

interface Run {
  agent: string;
  version: string;
  query: Record<string, unknown>;
}

/** A failed run, to be tried again with its query and the steps that it had finished. */
interface Replay {
  agent: string;
  version: string;
  replayOf: string;
}

async function submit(sessionId: string, run: Run | Replay): Promise<Submitted> {
  if ("replayOf" in run) {
    const params = { path: { job_id: run.replayOf } };
    return (await call(api.POST("/jobs/{job_id}/replay", { params }))).data;
  }
  const answer = await call(
    api.POST("/jobs/agents/{agent_id}/{version}", {
      params: { path: { agent_id: run.agent, version: run.version } },
      body: { session_id: sessionId, query: run.query, memory: "backend", apply_side_effects: true },
    }),
  );
  // The other answer the route knows is that of reuse=unchanged.
  return answer.data as Submitted;
}

/** Runs any agent on a session, or joins the run of it that is under way. */
export function useRunAgent(sessionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (run: Run | Replay) => submit(sessionId, run),
    onSuccess: (submitted, { agent, version }) => {
      rememberSubmitted(client, submitted, { sessionId, agent, version });
      return invalidateEverywhere(client, keys.jobs(sessionId));
    },
  });
}
