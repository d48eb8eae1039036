import { useTranslation } from "react-i18next";

import { JobProgress } from "@/components/job-progress";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { Skeleton } from "@/components/ui/skeleton";
import type { Job, Span } from "@/lib/api/types";

import { useShownNotes } from "../api/use-shown-notes";
import { toMarkdown } from "../markdown";

import { CopyButton } from "./copy-button";
import { SynopsisDocument } from "./synopsis-document";
import { VersionSelect } from "./version-select";

interface SynopsisOverlayProps {
  sessionId: string;
  open: boolean;
  onClose: () => void;
  /** The run that is making notes now. */
  running: Job | undefined;
  /** Null for the latest. */
  version: number | null;
  onChooseVersion: (version: number | null) => void;
  hrefOf: (span: Span) => string;
}

function Forming({ job }: { job: Job }) {
  const { t } = useTranslation();
  return (
    <div className="mx-auto flex max-w-xl flex-col gap-8 px-4 py-12 sm:px-6">
      <div className="flex flex-col gap-3">
        <h2 className="font-serif text-xl">{t("synopsis.forming")}</h2>
        <JobProgress job={job} />
        <p className="text-sm text-muted">{t("synopsis.formingText")}</p>
      </div>
      <Waiting />
    </div>
  );
}

function Waiting() {
  return (
    <div aria-hidden className="flex flex-col gap-3">
      <Skeleton className="mb-2 h-6 w-1/2" />
      {["w-full", "w-11/12", "w-full", "w-3/4"].map((width, index) => (
        <Skeleton key={index} className={`h-4 ${width}`} />
      ))}
    </div>
  );
}

function NewerStrip({ job }: { job: Job }) {
  const { t } = useTranslation();
  return (
    <div className="sticky top-0 z-10 border-b border-line bg-accent-soft px-4 py-3 sm:px-6">
      <p className="mb-2 text-sm font-medium text-accent">{t("synopsis.newer")}</p>
      <JobProgress job={job} />
    </div>
  );
}

/** The notes over the page: being made, or to be read. Can be closed at any moment. */
export function SynopsisOverlay(props: SynopsisOverlayProps) {
  const { sessionId, open, onClose, running, version, onChooseVersion, hrefOf } = props;
  const { t } = useTranslation();
  const { notes, versions, shown, latest, isPending } = useShownNotes(sessionId, version, open);
  const isOlder = notes !== undefined && latest !== undefined && shown !== latest;
  const actions = notes && (
    <>
      {versions.length > 1 && shown !== undefined && (
        <VersionSelect
          versions={versions}
          current={shown}
          onChoose={(chosen) => onChooseVersion(chosen === latest ? null : chosen)}
        />
      )}
      <CopyButton textOf={() => toMarkdown(notes, t("synopsis.ungrounded"))} />
    </>
  );
  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      shape="sheet"
      title={t("synopsis.title")}
      actions={actions}
    >
      {running && notes && <NewerStrip job={running} />}
      {isOlder && (
        <p className="flex items-center gap-3 bg-warn-soft px-4 py-2 text-sm text-warn sm:px-6">
          {t("synopsis.olderVersion")}
          <Button size="sm" variant="quiet" onClick={() => onChooseVersion(null)}>
            {t("synopsis.toLatest")}
          </Button>
        </p>
      )}
      {notes && <SynopsisDocument sessionId={sessionId} notes={notes} hrefOf={hrefOf} />}
      {!notes && running && <Forming job={running} />}
      {!notes && !running && isPending && (
        <div className="mx-auto max-w-xl px-4 py-12 sm:px-6">
          <Waiting />
        </div>
      )}
      {!notes && !running && !isPending && (
        <div className="mx-auto max-w-xl px-4 py-6 sm:px-6">
          <EmptyState title={t("synopsis.emptyTitle")} text={t("synopsis.emptyText")} />
        </div>
      )}
    </Dialog>
  );
}
