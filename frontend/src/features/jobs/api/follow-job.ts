import type { QueryClient } from "@tanstack/react-query";
import { queryOptions } from "@tanstack/react-query";

import { api, call } from "@/lib/api/client";
import { keys } from "@/lib/api/keys";
import { retryAfterMs } from "@/lib/api/retry-after";
import { isActive, type Job } from "@/lib/api/types";
import { pollDelayMs } from "@/lib/polling";

import { isFollowedLive } from "./job-stream";

/** While its events come by themselves, a job is asked for this often, in case they stop silently. */
const LIVE_POLL_MS = 10_000;

interface Followed {
  job: Job;
  /** How many answers in a row said the same. */
  unchanged: number;
  /** When to ask again; undefined once the job has ended. */
  pollInMs: number | undefined;
}

function looksTheSame(a: Job, b: Job): boolean {
  return (
    a.status === b.status &&
    a.attempt === b.attempt &&
    a.progress?.done === b.progress?.done &&
    a.progress?.note === b.progress?.note &&
    a.queuePosition === b.queuePosition &&
    a.waitsFor === b.waitsFor
  );
}

/** What is known now, and when to look again. */
export function followed(previous: Followed | undefined, job: Job, retryMs?: number): Followed {
  const isSame = previous !== undefined && looksTheSame(previous.job, job);
  const unchanged = isSame ? previous.unchanged + 1 : 0;
  const pollInMs = isActive(job) ? pollDelayMs({ unchanged, retryAfterMs: retryMs }) : undefined;
  return { job, unchanged, pollInMs };
}

/** Puts a job at its place in a newest-first list. */
export function withJob(jobs: Job[] | undefined, job: Job): Job[] {
  const list = jobs ?? [];
  if (!list.some(({ jobId }) => jobId === job.jobId)) return [job, ...list];
  return list.map((known) => (known.jobId === job.jobId ? job : known));
}

/** The list doesn't tell a job's place in the queue: the last one known stays. */
export function keepPlaces(before: Job[] | undefined, now: Job[]): Job[] {
  const known = new Map(before?.map((job) => [job.jobId, job]));
  return now.map((job) => {
    const { queuePosition = null, etaSeconds = null } = known.get(job.jobId) ?? {};
    return job.status === "queued" && job.queuePosition === null
      ? { ...job, queuePosition, etaSeconds }
      : job;
  });
}

/**
 * Follows one job and keeps its place in the session's list up to date; the list is what the page
 * reads. It is polled, slowly while `useLiveJobs` hears of its changes; a place in the queue is no
 * event, so a waiting job is polled all the same.
 */
export function followJob(client: QueryClient, sessionId: string, jobId: string) {
  return queryOptions({
    queryKey: keys.job(jobId),
    staleTime: 0,
    queryFn: async ({ signal }): Promise<Followed> => {
      const params = { path: { job_id: jobId } };
      const { data: job, response } = await call(api.GET("/jobs/{job_id}", { params, signal }));
      client.setQueryData<Job[]>(keys.jobs(sessionId), (jobs) => withJob(jobs, job));
      const previous = client.getQueryData<Followed>(keys.job(jobId));
      return followed(previous, job, retryAfterMs(response.headers.get("Retry-After")));
    },
    // Paused by the library while the tab is hidden, and asked at once when it is seen again.
    refetchInterval: (query) => {
      const { pollInMs, job } = query.state.data ?? {};
      if (pollInMs === undefined) return false;
      const isTold = job?.status === "running" && isFollowedLive(jobId);
      return isTold ? Math.max(pollInMs, LIVE_POLL_MS) : pollInMs;
    },
  });
}
