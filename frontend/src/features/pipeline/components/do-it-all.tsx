import { useTranslation } from "react-i18next";
import { toast } from "sonner";

import { Button } from "@/components/ui/button";
import { describeError } from "@/lib/i18n/dynamic";

import { useStartPipeline } from "../api/use-start-pipeline";

interface DoItAllProps {
  sessionId: string;
  hasMaterial: boolean | undefined;
}

/** One press for all that the agents can make of the material. */
export function DoItAll({ sessionId, hasMaterial }: DoItAllProps) {
  const { t } = useTranslation();
  const pipeline = useStartPipeline(sessionId);
  const start = () =>
    pipeline.mutate(undefined, {
      onSuccess: ({ jobs }) => {
        const isKnown = jobs.every(({ deduplicated }) => deduplicated);
        toast(t(isKnown ? "pipeline.known" : "pipeline.started"));
      },
      onError: (error) => {
        const { title, hint } = describeError(error);
        toast.error(title, { description: hint });
      },
    });
  if (!hasMaterial) return null;
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button disabled={pipeline.isPending} onClick={start} aria-describedby="do-it-all-hint">
        {t("pipeline.start")}
      </Button>
      <p id="do-it-all-hint" className="min-w-0 flex-1 text-xs text-muted">
        {t("pipeline.hint")}
      </p>
    </div>
  );
}
