import type { QueryClient } from "@tanstack/react-query";

import { keys } from "./keys";
import type { Job, Submitted } from "./types";

interface Submission {
  sessionId: string;
  agent: string;
  version: string;
}

/**
 * Puts a job that was just submitted into its session's list. It is known as under way before the
 * first look at it, so that even an instant run is seen to end.
 */
export function rememberSubmitted(client: QueryClient, submitted: Submitted, of: Submission): void {
  client.setQueryData<Job[]>(keys.jobs(of.sessionId), (jobs = []) =>
    jobs.some(({ jobId }) => jobId === submitted.jobId) ? jobs : [jobFrom(submitted, of), ...jobs],
  );
}

/** A job as far as the 202 tells. */
function jobFrom(submitted: Submitted, { sessionId, agent, version }: Submission): Job {
  return {
    jobId: submitted.jobId,
    agent,
    version,
    sessionId,
    status: submitted.status === "running" ? "running" : "queued",
    attempt: 1,
    maxAttempts: 1,
    nextRetryAt: null,
    progress: null,
    queuePosition: submitted.queuePosition,
    etaSeconds: submitted.etaSeconds,
    createdAt: new Date().toISOString(),
    startedAt: null,
    endedAt: null,
    traceId: "",
    usage: null,
    artifact: null,
    error: null,
    cancel: null,
    replayOf: null,
    waitsFor: null,
    heldBack: [],
    result: null,
  };
}
