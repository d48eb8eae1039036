import { useTranslation } from "react-i18next";

import { Dialog } from "@/components/ui/dialog";
import { Skeleton } from "@/components/ui/skeleton";

import { useResult } from "../api/use-result";

import { nameOf } from "./other-agents";

/** As much of one value as a page shows at once. */
const LONGEST_SHOWN = 20_000;

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

function Value({ name, value }: { name: string; value: unknown }) {
  const { t } = useTranslation();
  const text = asText(value);
  const look =
    typeof value === "string"
      ? "whitespace-pre-wrap"
      : "overflow-x-auto rounded-lg bg-sunken p-3 font-mono text-xs whitespace-pre-wrap";
  return (
    <div data-result={name}>
      <dt className="text-xs font-medium break-words text-muted">{name}</dt>
      <dd className={`mt-1 text-sm break-words ${look}`}>{text.slice(0, LONGEST_SHOWN)}</dd>
      {text.length > LONGEST_SHOWN && (
        <dd className="mt-1 text-xs text-warn">{t("agents.resultShortened")}</dd>
      )}
    </div>
  );
}

interface ResultViewProps {
  /** Null while none is open. */
  jobId: string | null;
  onClose: () => void;
}

/** What an agent without a page of its own has made: each part as text, or as JSON. */
export function ResultView({ jobId, onClose }: ResultViewProps) {
  const { t } = useTranslation();
  const { data: job, error } = useResult(jobId);
  const output = job?.result?.output;
  return (
    <Dialog
      open={jobId !== null}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      title={t("agents.resultOf", { agent: job ? nameOf(job.agent) : "" })}
      shape="sheet"
    >
      <div className="flex flex-col gap-5 p-4 sm:p-6">
        {!job && !error && <Skeleton className="h-24 w-full" />}
        {(error ?? (job && !output)) && (
          <p role="alert" className="text-sm text-muted">
            {t("agents.resultGone")}
          </p>
        )}
        {output && (
          <dl className="flex flex-col gap-4">
            {Object.entries(output).map(([name, value]) => (
              <Value key={name} name={name} value={value} />
            ))}
          </dl>
        )}
        {jobId !== null && output && (
          <a
            href={`/jobs/${encodeURIComponent(jobId)}`}
            target="_blank"
            rel="noreferrer"
            className="w-fit text-sm text-accent underline"
          >
            {t("agents.resultWhole")}
          </a>
        )}
      </div>
    </Dialog>
  );
}
