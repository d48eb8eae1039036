import { GitCompare } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Dialog } from "@/components/ui/dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { IconButton } from "@/components/ui/icon-button";
import type { Job, Span, VersionSummary } from "@/lib/api/types";

import { markdownOf } from "../api/markdown";
import { useShownNotes, type ShownNotes } from "../api/use-shown-notes";

import { CopyButton } from "./copy-button";
import { DiffView } from "./diff-view";
import { ExportMenu } from "./export-menu";
import { Forming, FormingStrip, NotesSkeleton } from "./forming";
import { OtherVersionStrip } from "./other-version-strip";
import { SynopsisDocument } from "./synopsis-document";
import { VersionSelect } from "./version-select";

interface SynopsisOverlayProps {
  sessionId: string;
  open: boolean;
  onClose: () => void;
  /** The run that is making notes now. */
  running: Job | undefined;
  /** Null for the current one. */
  version: number | null;
  onChooseVersion: (version: number | null) => void;
  hrefOf: (span: Span) => string;
}

type PartProps = Omit<SynopsisOverlayProps, "open" | "onClose" | "version"> &
  ShownNotes & {
    /** The version that the one shown is compared with; null to read it. */
    against: number | null;
    onCompare: (against: number | null) => void;
  };

/** The version to compare with at first: the one before, of those there are. */
function earlierThan(shown: number, versions: VersionSummary[]): number {
  const numbers = versions.map(({ version }) => version).filter((version) => version !== shown);
  return Math.max(...numbers.filter((version) => version < shown), Math.min(...numbers));
}

function Actions(props: PartProps) {
  const { sessionId, notes, versions, shown, current, onChooseVersion, against, onCompare } = props;
  const { t } = useTranslation();
  if (notes === undefined || shown === undefined) return null;
  return (
    <>
      {versions.length > 1 && (
        <>
          <VersionSelect
            versions={versions}
            shown={shown}
            onChoose={(chosen) => {
              if (chosen === against) onCompare(null);
              onChooseVersion(chosen === current ? null : chosen);
            }}
          />
          <IconButton
            icon={GitCompare}
            label={t("versions.diff.title")}
            aria-pressed={against !== null}
            onClick={() => onCompare(against === null ? earlierThan(shown, versions) : null)}
          />
        </>
      )}
      <CopyButton textOf={() => markdownOf(sessionId, shown)} />
      <ExportMenu
        sessionId={sessionId}
        version={shown}
        hasDefinitions={notes.items.some(({ type }) => type === "definition")}
      />
    </>
  );
}

function Body(props: PartProps) {
  const { notes, running, shown, current, isPending, sessionId, onChooseVersion, hrefOf } = props;
  const { versions, against, onCompare } = props;
  const { t } = useTranslation();
  if (notes !== undefined && shown !== undefined) {
    return (
      <>
        {running && <FormingStrip job={running} />}
        {shown !== current && (
          <OtherVersionStrip
            sessionId={sessionId}
            shown={shown}
            onCurrent={() => onChooseVersion(null)}
          />
        )}
        {against !== null && against !== shown ? (
          <DiffView
            sessionId={sessionId}
            versions={versions}
            shown={shown}
            against={against}
            onAgainst={onCompare}
          />
        ) : (
          <SynopsisDocument sessionId={sessionId} notes={notes} hrefOf={hrefOf} />
        )}
      </>
    );
  }
  if (running) return <Forming job={running} />;
  return (
    <div className="mx-auto max-w-xl px-4 py-12 sm:px-6">
      {isPending ? (
        <NotesSkeleton />
      ) : (
        <EmptyState title={t("synopsis.emptyTitle")} text={t("synopsis.emptyText")} />
      )}
    </div>
  );
}

/** The notes over the page: being made, or to be read. Can be closed at any moment. */
export function SynopsisOverlay({ open, onClose, version, ...rest }: SynopsisOverlayProps) {
  const { t } = useTranslation();
  const [against, setAgainst] = useState<number | null>(null);
  const shownNotes = useShownNotes(rest.sessionId, version, open);
  const parts = { ...rest, ...shownNotes, against, onCompare: setAgainst };
  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => {
        if (isOpen) return;
        setAgainst(null);
        onClose();
      }}
      shape="sheet"
      title={t("synopsis.title")}
      actions={<Actions {...parts} />}
    >
      <Body {...parts} />
    </Dialog>
  );
}
