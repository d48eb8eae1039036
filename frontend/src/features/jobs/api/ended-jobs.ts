import { isActive, type Job } from "@/lib/api/types";

/** The jobs that are over now and weren't, or weren't known, before. */
export function endedSince(before: Job[], now: Job[]): { job: Job; isWitnessed: boolean }[] {
  const known = new Map(before.map((job) => [job.jobId, job]));
  return now.flatMap((job) => {
    if (isActive(job)) return [];
    const earlier = known.get(job.jobId);
    if (earlier !== undefined && !isActive(earlier)) return [];
    return [{ job, isWitnessed: earlier !== undefined }];
  });
}
