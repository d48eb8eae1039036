import { useTranslation } from "react-i18next";

import type { Job } from "@/lib/api/types";
import { formatTime } from "@/lib/format";
import { describeNote } from "@/lib/i18n/dynamic";

import { ProgressBar } from "./ui/progress-bar";

type Progressing = Pick<
  Job,
  "status" | "progress" | "queuePosition" | "etaSeconds" | "nextRetryAt" | "waitsFor"
>;

function useProgressParts(job: Progressing): string[] {
  const { t, i18n } = useTranslation();
  if (job.status === "queued" && job.nextRetryAt) {
    return [t("jobs.retryAt", { time: formatTime(job.nextRetryAt, i18n.language) })];
  }
  if (job.waitsFor) return [t("progress.waitsForOther")];
  const parts: string[] = [];
  if (job.status === "queued") {
    const place = job.queuePosition ?? 0;
    parts.push(place > 0 ? t("progress.queue", { place }) : t("progress.queued"));
  } else if (job.progress) {
    parts.push(t("progress.step", { done: job.progress.done, total: job.progress.total }));
    if (job.progress.note) parts.push(describeNote(job.progress.note));
  } else {
    parts.push(t("progress.starting"));
  }
  const eta = Math.ceil(job.etaSeconds ?? 0);
  if (eta >= 90) parts.push(t("progress.etaMinutes", { minutes: Math.round(eta / 60) }));
  else if (eta > 0) parts.push(t("progress.eta", { seconds: eta }));
  return parts;
}

/** How far a queued or running job is: a bar, and the same in words. */
export function JobProgress({ job }: { job: Progressing }) {
  const { t } = useTranslation();
  const parts = useProgressParts(job);
  const progress = job.status === "running" ? job.progress : undefined;
  const isWaiting = job.status === "queued" && Boolean(job.nextRetryAt ?? job.waitsFor);
  return (
    <div className="flex flex-col gap-2">
      <ProgressBar
        label={t("progress.label")}
        value={progress ? progress.done / progress.total : isWaiting ? 0 : undefined}
      />
      <p className="text-xs text-muted tabular-nums">{parts.join(" · ")}</p>
    </div>
  );
}
