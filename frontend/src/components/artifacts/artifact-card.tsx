import clsx from "clsx";
import { ChevronRight } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { JobProgress } from "@/components/job-progress";
import { Button } from "@/components/ui/button";
import { TextArea } from "@/components/ui/field";
import { Skeleton } from "@/components/ui/skeleton";
import type { Artifacts, Job } from "@/lib/api/types";
import type { Kind } from "@/lib/artifacts/kinds";
import { canUpdate, type ArtifactRequest } from "@/lib/artifacts/use-start-artifact";
import { formatMoment } from "@/lib/format";

const OFFLINE_MODEL = "offline:extractive";

interface ArtifactCardProps {
  kind: Kind;
  /** Undefined while it is being loaded, null before the first is made. */
  artifact: Artifacts[Kind] | null | undefined;
  /** The run that is making one now. */
  running: Job | undefined;
  /** Whether there is material to make it from; undefined while nobody knows. */
  hasMaterial: boolean | undefined;
  onStart: (request: ArtifactRequest) => void;
  onOpen: () => void;
  /** Further wishes, and what they add to the query. */
  extra?: { fields: ReactNode; options: Record<string, unknown> };
}

function Standing({ kind, artifact }: Pick<ArtifactCardProps, "kind" | "artifact">) {
  const { t, i18n } = useTranslation();
  if (artifact === undefined) return <Skeleton className="h-5 w-3/4" />;
  if (artifact === null) return <p className="text-muted">{t(`${kind}.cardEmpty`)}</p>;
  return (
    <div>
      <p className="font-serif text-lg break-words">{artifact.title}</p>
      <p className="mt-0.5 text-xs text-muted">
        {t("synopsis.versionOption", {
          version: artifact.version,
          date: formatMoment(artifact.updatedAt, i18n.language),
        })}
      </p>
    </div>
  );
}

interface WishesProps {
  kind: Kind;
  value: string;
  onChange: (value: string) => void;
  fields: ReactNode;
  isOffline: boolean;
}

function Wishes({ kind, value, onChange, fields, isOffline }: WishesProps) {
  const { t } = useTranslation();
  return (
    <details className="group">
      <summary className="flex w-fit list-none items-center gap-1 rounded text-sm text-muted hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden size={16} className="transition-transform group-open:rotate-90" />
        {t(`${kind}.wishes`)}
      </summary>
      <div className="mt-3 flex flex-col gap-4">
        {fields}
        <TextArea
          label={t(`${kind}.wishes`)}
          placeholder={t(`${kind}.wishesPlaceholder`)}
          value={value}
          rows={3}
          maxLength={2000}
          onChange={(event) => onChange(event.target.value)}
        />
        {isOffline && kind === "synopsis" && (
          <p className="text-xs text-muted">{t("synopsis.offlineWishes")}</p>
        )}
      </div>
    </details>
  );
}

interface ActionsProps {
  kind: Kind;
  isThere: boolean;
  isRunning: boolean;
  onStart: (action: ArtifactRequest["action"]) => void;
  onOpen: () => void;
}

function Actions({ kind, isThere, isRunning, onStart, onOpen }: ActionsProps) {
  const { t } = useTranslation();
  // Of what a session begins with there is one button that stands out.
  const isFirst = kind === "synopsis" && !isThere && !isRunning;
  return (
    <div className="flex flex-wrap items-center gap-2">
      {!isThere && isRunning && (
        <Button variant="primary" onClick={onOpen}>
          {t(`${kind}.watch`)}
        </Button>
      )}
      {isThere && (
        <Button variant="primary" onClick={onOpen}>
          {t(`${kind}.open`)}
        </Button>
      )}
      <Button
        variant={isFirst ? "primary" : "secondary"}
        onClick={() => onStart(isThere ? "update" : "create")}
      >
        {t(isThere ? `${kind}.update` : `${kind}.make`)}
      </Button>
      {isThere && canUpdate(kind) && (
        <Button variant="quiet" onClick={() => onStart("create")}>
          {t(`${kind}.remake`)}
        </Button>
      )}
    </div>
  );
}

/** What a session has of one kind of artifact, and the button that makes it. */
export function ArtifactCard(props: ArtifactCardProps) {
  const { kind, artifact, running, hasMaterial, onStart, onOpen, extra } = props;
  const { t } = useTranslation();
  const [instructions, setInstructions] = useState("");
  const [isExplained, setExplained] = useState(false);
  const isThere = artifact !== null && artifact !== undefined;
  const start = (action: ArtifactRequest["action"]) => {
    setExplained(hasMaterial === false);
    if (hasMaterial !== false) onStart({ action, instructions, ...extra });
  };
  return (
    <section
      aria-labelledby={`${kind}-title`}
      className="flex flex-col gap-5 rounded-2xl border border-line bg-surface p-5"
    >
      <div className={clsx("flex flex-col gap-2", kind === "synopsis" && "min-h-20")}>
        <h2 id={`${kind}-title`} className="text-base font-semibold">
          {t(`${kind}.title`)}
        </h2>
        <Standing kind={kind} artifact={artifact} />
      </div>
      {running && (
        <div className="flex flex-col gap-2">
          <p className="text-sm font-medium text-accent">{t(`${kind}.forming`)}</p>
          <JobProgress job={running} />
        </div>
      )}
      <Actions kind={kind} isThere={isThere} isRunning={running !== undefined} onStart={start} onOpen={onOpen} />
      {isExplained && hasMaterial === false && (
        <p role="alert" className="rounded-lg bg-warn-soft px-4 py-3 text-sm text-warn">
          {t(`${kind}.nothingToWorkOn`)}
        </p>
      )}
      <Wishes
        kind={kind}
        value={instructions}
        onChange={setInstructions}
        fields={extra?.fields}
        isOffline={artifact?.provenance.model === OFFLINE_MODEL}
      />
    </section>
  );
}
