import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { JobProgress } from "@/components/job-progress";
import { Button } from "@/components/ui/button";
import { TextArea } from "@/components/ui/field";
import { Skeleton } from "@/components/ui/skeleton";
import type { Job, Synopsis } from "@/lib/api/types";
import { formatMoment } from "@/lib/format";

import type { SynopsisRequest } from "../api/use-start-synopsis";

const OFFLINE_MODEL = "offline:extractive";

interface SynopsisCardProps {
  /** Undefined while it is being loaded, null before the first notes. */
  synopsis: Synopsis | null | undefined;
  /** The run that is making notes now. */
  running: Job | undefined;
  /** Whether there is material to make notes from; undefined while nobody knows. */
  hasMaterial: boolean | undefined;
  onStart: (request: SynopsisRequest) => void;
  onOpen: () => void;
}

function Standing({ synopsis }: { synopsis: Synopsis | null | undefined }) {
  const { t, i18n } = useTranslation();
  if (synopsis === undefined) return <Skeleton className="h-5 w-3/4" />;
  if (synopsis === null) return <p className="text-muted">{t("synopsis.cardEmpty")}</p>;
  return (
    <div>
      <p className="font-serif text-lg break-words">{synopsis.title}</p>
      <p className="mt-0.5 text-xs text-muted">
        {t("synopsis.versionOption", {
          version: synopsis.version,
          date: formatMoment(synopsis.updatedAt, i18n.language),
        })}
      </p>
    </div>
  );
}

interface WishesProps {
  value: string;
  onChange: (value: string) => void;
  isOffline: boolean;
}

function Wishes({ value, onChange, isOffline }: WishesProps) {
  const { t } = useTranslation();
  return (
    <details className="group">
      <summary className="flex w-fit list-none items-center gap-1 rounded text-sm text-muted hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden size={16} className="transition-transform group-open:rotate-90" />
        {t("synopsis.wishes")}
      </summary>
      <div className="mt-3">
        <TextArea
          label={t("synopsis.wishes")}
          placeholder={t("synopsis.wishesPlaceholder")}
          value={value}
          rows={3}
          maxLength={2000}
          onChange={(event) => onChange(event.target.value)}
        />
        {isOffline && <p className="mt-2 text-xs text-muted">{t("synopsis.offlineWishes")}</p>}
      </div>
    </details>
  );
}

/** What stands with the notes of a session, and the button that makes them. */
export function SynopsisCard(props: SynopsisCardProps) {
  const { synopsis, running, hasMaterial, onStart, onOpen } = props;
  const { t } = useTranslation();
  const [instructions, setInstructions] = useState("");
  const [isExplained, setExplained] = useState(false);
  const hasNotes = synopsis !== null && synopsis !== undefined;
  const start = (action: SynopsisRequest["action"]) => {
    setExplained(hasMaterial === false);
    if (hasMaterial !== false) onStart({ action, instructions });
  };
  return (
    <section
      aria-labelledby="synopsis-title"
      className="flex flex-col gap-5 rounded-2xl border border-line bg-surface p-5"
    >
      <div className="flex min-h-20 flex-col gap-2">
        <h2 id="synopsis-title" className="text-base font-semibold">
          {t("synopsis.title")}
        </h2>
        <Standing synopsis={synopsis} />
      </div>
      {running && (
        <div className="flex flex-col gap-2">
          <p className="text-sm font-medium text-accent">{t("synopsis.forming")}</p>
          <JobProgress job={running} />
        </div>
      )}
      <div className="flex flex-wrap items-center gap-2">
        {hasNotes && (
          <Button variant="primary" onClick={onOpen}>
            {t("synopsis.open")}
          </Button>
        )}
        <Button
          variant={hasNotes ? "secondary" : "primary"}
          onClick={() => start(hasNotes ? "update" : "create")}
        >
          {t(hasNotes ? "synopsis.update" : "synopsis.make")}
        </Button>
        {hasNotes && (
          <Button variant="quiet" onClick={() => start("create")}>
            {t("synopsis.remake")}
          </Button>
        )}
        {!hasNotes && running && (
          <Button variant="quiet" onClick={onOpen}>
            {t("synopsis.watch")}
          </Button>
        )}
      </div>
      {isExplained && hasMaterial === false && (
        <p role="alert" className="rounded-lg bg-warn-soft px-4 py-3 text-sm text-warn">
          {t("synopsis.nothingToWorkOn")}
        </p>
      )}
      <Wishes
        value={instructions}
        onChange={setInstructions}
        isOffline={synopsis?.provenance.model === OFFLINE_MODEL}
      />
    </section>
  );
}
