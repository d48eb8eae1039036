import { useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import { api, call } from "@/lib/api/client";
import { keys } from "@/lib/api/keys";
import { isActive, type Job } from "@/lib/api/types";

import { endedSince } from "./ended-jobs";
import { followJob, keepPlaces } from "./follow-job";
import { useLiveJobs } from "./use-live-jobs";

/** How often to look for runs that somebody else started. */
const LIST_POLL_MS = 20_000;

/**
 * The session's jobs, newest first. Those that are queued or running are followed.
 * @param onEnded called once for each job that ended since the page looked last; `isWitnessed`
 *   when this page had seen it queued or running. Must keep its identity.
 */
export function useSessionJobs(
  sessionId: string,
  onEnded: (job: Job, isWitnessed: boolean) => void,
) {
  const client = useQueryClient();
  const jobs = useQuery({
    queryKey: keys.jobs(sessionId),
    queryFn: async ({ signal }) => {
      const params = { query: { session_id: sessionId } };
      const answer = await call(api.GET("/jobs", { params, signal }));
      return keepPlaces(client.getQueryData<Job[]>(keys.jobs(sessionId)), answer.data.items);
    },
    refetchInterval: LIST_POLL_MS,
  });
  const active = (jobs.data ?? []).filter(isActive);
  useLiveJobs(active.map(({ jobId }) => jobId));
  useQueries({ queries: active.map((job) => followJob(client, sessionId, job.jobId)) });

  const seen = useRef<Job[]>(undefined);
  useEffect(() => {
    if (jobs.data === undefined) return;
    const before = seen.current;
    seen.current = jobs.data;
    if (before === undefined) return;
    for (const { job, isWitnessed } of endedSince(before, jobs.data)) onEnded(job, isWitnessed);
  }, [jobs.data, onEnded]);

  return { jobs: jobs.data, isPending: jobs.isPending };
}
