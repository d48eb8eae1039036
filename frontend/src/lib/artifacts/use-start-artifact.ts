import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api, call } from "@/lib/api/client";
import { invalidateEverywhere } from "@/lib/api/invalidate";
import { keys } from "@/lib/api/keys";
import { rememberSubmitted } from "@/lib/api/submitted-job";
import type { Submitted, Unchanged } from "@/lib/api/types";

import { AGENTS, type Kind } from "./kinds";

export interface ArtifactRequest {
  action: "create" | "update";
  instructions: string;
  /** Further members of the agent's query. */
  options?: Record<string, unknown>;
  /** Also if a version was made from the same input already. */
  anyway?: boolean;
}

/** A failed run, to be tried again with its wishes and with the steps that it had finished. */
interface Replay {
  replayOf: string;
}

export type ArtifactStart = ArtifactRequest | Replay;

/** These keep what there is and change it; the others are made anew each time. */
const TAKES_ACTION: Kind[] = ["synopsis", "plan"];

export function canUpdate(kind: Kind): boolean {
  return TAKES_ACTION.includes(kind);
}

async function startNew(sessionId: string, kind: Kind, request: ArtifactRequest) {
  const wishes = request.instructions.trim();
  const query = {
    ...(canUpdate(kind) ? { action: request.action } : {}),
    ...(wishes === "" ? {} : { instructions: wishes }),
    ...request.options,
  };
  // Every agent that makes an artifact is started in the same way.
  const place = `/agents/${AGENTS[kind]}/v1/${kind}` as "/agents/synopsis_manager/v1/synopsis";
  const answer = await call(
    api.POST(place, {
      params: { query: { mode: "background", reuse: request.anyway ? "never" : "unchanged" } },
      body: { session_id: sessionId, query, memory: "backend", apply_side_effects: true },
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
export function useStartArtifact(sessionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ kind, start }: { kind: Kind; start: ArtifactStart }) =>
      "replayOf" in start ? replay(start) : startNew(sessionId, kind, start),
    onSuccess: (submitted, { kind }) => {
      if (isUnchanged(submitted)) return undefined;
      rememberSubmitted(client, submitted, { sessionId, agent: AGENTS[kind], version: "v1" });
      return invalidateEverywhere(
        client,
        keys.jobs(sessionId),
        keys.artifact(sessionId, kind),
      );
    },
  });
}
