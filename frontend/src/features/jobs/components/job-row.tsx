import clsx from "clsx";
import { Ban, Check, Clock, LoaderCircle, RotateCcw, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";

import { JobProgress } from "@/components/job-progress";
import { Button } from "@/components/ui/button";
import { isActive, type Job } from "@/lib/api/types";
import { formatMoment, secondsBetween } from "@/lib/format";
import { lookup } from "@/lib/i18n/dynamic";

import { FailureReason } from "./failure-reason";

interface JobRowProps {
  job: Job;
  /** What another job of the session is called. */
  nameOf: (jobId: string) => string;
  isCancelling: boolean;
  /** Undefined where the job can't be started again from here. */
  onAgain: (() => void) | undefined;
  onCancel: () => void;
  onOpen: (() => void) | undefined;
}

type Look = "queued" | "retry" | "running" | "done" | "failed" | "cancelled";

function lookOf(job: Job): Look {
  if (job.status === "queued" && job.nextRetryAt) return "retry";
  if (job.status === "failed" && job.error?.code === "cancelled") return "cancelled";
  return job.status;
}

const icons = {
  queued: Clock,
  retry: RotateCcw,
  running: LoaderCircle,
  done: Check,
  failed: TriangleAlert,
  cancelled: Ban,
};

const tints: Record<Look, string> = {
  queued: "text-muted",
  retry: "text-warn",
  running: "text-accent motion-safe:animate-spin",
  done: "text-accent",
  failed: "text-danger",
  cancelled: "text-muted",
};

function useStatusLine(job: Job, look: Look): string {
  const { t, i18n } = useTranslation();
  const parts = [];
  if (look === "retry") parts.push(t("jobs.waitingRetry"));
  else parts.push(look === "cancelled" ? t("jobs.cancelled") : t(`jobs.status.${look}`));
  if (job.attempt > 1) {
    parts.push(t("jobs.attempt", { attempt: job.attempt, max: job.maxAttempts }));
  }
  if (look === "done" && job.startedAt && job.endedAt) {
    parts.push(t("jobs.took", { seconds: secondsBetween(job.startedAt, job.endedAt) }));
  }
  parts.push(formatMoment(job.createdAt, i18n.language));
  return parts.join(" · ");
}

function Chained({ job, nameOf }: Pick<JobRowProps, "job" | "nameOf">) {
  const { t } = useTranslation();
  const { heldBack } = job;
  if (job.waitsFor) {
    return (
      <p className="mt-1 text-sm text-muted">
        {t("pipeline.waitsFor", { agent: nameOf(job.waitsFor) })}
      </p>
    );
  }
  if (heldBack.length === 0) return null;
  return (
    <p className="mt-1 text-sm text-warn">
      {t("pipeline.heldBack", { agents: heldBack.map(nameOf).join(", ") })}
    </p>
  );
}

/** What cancelling came to. */
function Receipt({ cancel }: { cancel: NonNullable<Job["cancel"]> }) {
  const { t } = useTranslation();
  const { requestedAt, stoppedAt, tokensAfterRequest } = cancel;
  if (stoppedAt === null) return null;
  return (
    <p className="mt-1 text-xs text-muted tabular-nums">
      {t("jobs.receipt", {
        seconds: secondsBetween(requestedAt, stoppedAt),
        tokens: tokensAfterRequest,
      })}
    </p>
  );
}

function Details({ job, look }: { job: Job; look: Look }) {
  return (
    <>
      {job.error && look !== "cancelled" && (
        <FailureReason error={job.error} willTryAgain={look !== "failed"} />
      )}
      {look === "cancelled" && job.cancel && <Receipt cancel={job.cancel} />}
      {isActive(job) && !job.waitsFor && (
        <div className="mt-2">
          <JobProgress job={job} />
        </div>
      )}
    </>
  );
}

export function JobRow({ job, nameOf, isCancelling, onAgain, onCancel, onOpen }: JobRowProps) {
  const { t } = useTranslation();
  const look = lookOf(job);
  const Icon = icons[look];
  const status = useStatusLine(job, look);
  // Another tab may have asked for it.
  const isEnding = isCancelling || (job.cancel !== null && isActive(job));
  return (
    <li
      className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-start gap-x-3 py-3"
      data-job-id={job.jobId}
      data-status={job.status}
    >
      <Icon aria-hidden size={18} className={clsx("mt-0.5", tints[look])} />
      <div>
        <p className="text-sm font-medium">{lookup("jobs.agent", job.agent) ?? job.agent}</p>
        <p className="text-xs text-muted tabular-nums">{status}</p>
      </div>
      {isActive(job) && (
        <Button size="sm" variant="quiet" disabled={isEnding} onClick={onCancel}>
          {isEnding ? t("jobs.cancelling") : t("jobs.cancel")}
        </Button>
      )}
      {job.status === "failed" && onAgain && (
        <Button size="sm" onClick={onAgain}>
          {t("jobs.again")}
        </Button>
      )}
      {job.status === "done" && onOpen && (
        <Button size="sm" variant="quiet" onClick={onOpen}>
          {t("jobs.open")}
        </Button>
      )}
      <div className="col-span-2 col-start-2 empty:hidden">
        <Details job={job} look={look} />
        <Chained job={job} nameOf={nameOf} />
      </div>
    </li>
  );
}
