import clsx from "clsx";
import { ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";

import { CopyButton } from "@/components/ui/copy-button";
import type { Job } from "@/lib/api/types";
import { describeFailure } from "@/lib/i18n/dynamic";

interface FailureReasonProps {
  error: NonNullable<Job["error"]>;
  /** The next attempt is set, so that there is nothing to be done. */
  willTryAgain: boolean;
}

/** What happened and what to do, and behind a fold what the server says of it, as it came. */
export function FailureReason({ error, willTryAgain }: FailureReasonProps) {
  const { t } = useTranslation();
  const { title, hint } = describeFailure(error);
  const detail = `${error.code}: ${error.message}`;
  return (
    <div className="mt-1 flex flex-col gap-1 text-sm">
      <p className={clsx("break-words", willTryAgain ? "text-warn" : "text-danger")}>{title}.</p>
      {!willTryAgain && <p className="break-words">{hint}</p>}
      <details className="group">
        <summary className="flex w-fit list-none items-center gap-1 rounded text-xs text-muted hover:text-ink [&::-webkit-details-marker]:hidden">
          <ChevronRight
            aria-hidden
            size={14}
            className="shrink-0 transition-transform group-open:rotate-90"
          />
          {t("failures.details")}
        </summary>
        <div className="mt-1 flex items-start gap-1 rounded-lg bg-sunken py-1 pl-3">
          <p lang="en" className="min-w-0 flex-1 py-2 font-mono text-xs break-words">
            {detail}
          </p>
          <CopyButton label={t("failures.copyDetails")} textOf={() => detail} />
        </div>
      </details>
    </div>
  );
}
