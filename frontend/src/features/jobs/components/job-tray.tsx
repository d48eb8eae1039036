import { useTranslation } from "react-i18next";

import { Skeleton } from "@/components/ui/skeleton";
import type { Job } from "@/lib/api/types";
import { lookup } from "@/lib/i18n/dynamic";

import { useCancelJob } from "../api/use-cancel-job";

import { JobRow } from "./job-row";

interface JobTrayProps {
  sessionId: string;
  /** Newest first; undefined while they are being loaded. */
  jobs: Job[] | undefined;
  /** What starts a job like this one again; undefined where nothing can. */
  againFor: (job: Job) => (() => void) | undefined;
  /** What shows what a job made. */
  openerFor: (job: Job) => (() => void) | undefined;
}

/** The session's runs: how far each is, why one failed, and what can be done about it. */
export function JobTray({ sessionId, jobs, againFor, openerFor }: JobTrayProps) {
  const { t } = useTranslation();
  const cancel = useCancelJob(sessionId);
  const nameOf = (jobId: string) => {
    const agent = jobs?.find((job) => job.jobId === jobId)?.agent ?? jobId;
    return lookup("jobs.agent", agent) ?? agent;
  };
  return (
    <section aria-labelledby="jobs-title" className="rounded-2xl border border-line bg-surface p-5">
      <h2 id="jobs-title" className="text-base font-semibold">
        {t("jobs.title")}
      </h2>
      {jobs === undefined && (
        <div className="flex h-16 flex-col justify-center gap-2">
          <Skeleton className="h-4 w-28" />
          <Skeleton className="h-3 w-44" />
        </div>
      )}
      {jobs?.length === 0 && (
        <p className="flex h-16 items-center text-sm text-muted">{t("jobs.empty")}</p>
      )}
      <ul className="divide-y divide-line empty:hidden">
        {jobs?.map((job) => (
          <JobRow
            key={job.jobId}
            job={job}
            nameOf={nameOf}
            isCancelling={cancel.isPending && cancel.variables === job.jobId}
            onCancel={() => cancel.mutate(job.jobId)}
            onAgain={againFor(job)}
            onOpen={openerFor(job)}
          />
        ))}
      </ul>
    </section>
  );
}
