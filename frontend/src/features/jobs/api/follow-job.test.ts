import { expect, it } from "vitest";

import type { Job } from "@/lib/api/types";

import { endedSince } from "./ended-jobs";
import { followed, keepPlaces, withJob } from "./follow-job";

const running = { jobId: "1", status: "running", attempt: 1 } as Job;
const done: Job = { ...running, status: "done" };

function progress(job: Job, doneParts: number): Job {
  return { ...job, progress: { type: "progress", done: doneParts, total: 8, note: "" } };
}

it("asks less and less often while nothing moves, and soon again when it does", () => {
  const first = followed(undefined, progress(running, 1));
  const same = followed(first, progress(running, 1));
  const moved = followed(same, progress(running, 2));
  expect([first, same, moved].map(({ unchanged }) => unchanged)).toEqual([0, 1, 0]);
});

it("stops asking once the job has ended", () => {
  expect(followed(undefined, running).pollInMs).toBeGreaterThan(0);
  expect(followed(undefined, done).pollInMs).toBeUndefined();
});

it("keeps a job's place in the list, and puts a new one first", () => {
  const other = { ...running, jobId: "2" };
  expect(withJob([other, running], done)).toEqual([other, done]);
  expect(withJob([other], done)).toEqual([done, other]);
  expect(withJob(undefined, done)).toEqual([done]);
});

it("tells what ended, and whether the page had seen it run", () => {
  const elsewhere = { ...done, jobId: "2" };
  const old = { ...done, jobId: "3" };
  expect(endedSince([running, old], [elsewhere, done, old])).toEqual([
    { job: elsewhere, isWitnessed: false },
    { job: done, isWitnessed: true },
  ]);
});

it("keeps a waiting job's place when the list doesn't tell it", () => {
  const waiting = { ...running, status: "queued", queuePosition: 3, etaSeconds: 9 } as Job;
  const listed: Job = { ...waiting, queuePosition: null, etaSeconds: null };
  expect(keepPlaces([waiting], [listed])).toEqual([waiting]);
  expect(keepPlaces(undefined, [listed])).toEqual([listed]);
  expect(keepPlaces([waiting], [running])).toEqual([running]);
});
