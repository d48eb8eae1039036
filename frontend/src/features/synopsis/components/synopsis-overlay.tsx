import { useTranslation } from "react-i18next";

import { Dialog } from "@/components/ui/dialog";
import { EmptyState } from "@/components/ui/empty-state";
import type { Job, Span } from "@/lib/api/types";

import { useShownNotes, type ShownNotes } from "../api/use-shown-notes";
import { toMarkdown } from "../markdown";

import { CopyButton } from "./copy-button";
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

type PartProps = Omit<SynopsisOverlayProps, "open" | "onClose" | "version"> & ShownNotes;

function Actions({ notes, versions, shown, current, onChooseVersion }: PartProps) {
  const { t } = useTranslation();
  if (notes === undefined || shown === undefined) return null;
  return (
    <>
      {versions.length > 1 && (
        <VersionSelect
          versions={versions}
          shown={shown}
          onChoose={(chosen) => onChooseVersion(chosen === current ? null : chosen)}
        />
      )}
      <CopyButton textOf={() => toMarkdown(notes, t("synopsis.ungrounded"))} />
    </>
  );
}

function Body(props: PartProps) {
  const { notes, running, shown, current, isPending, sessionId, onChooseVersion, hrefOf } = props;
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
        <SynopsisDocument sessionId={sessionId} notes={notes} hrefOf={hrefOf} />
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
  const parts = { ...rest, ...useShownNotes(rest.sessionId, version, open) };
  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      shape="sheet"
      title={t("synopsis.title")}
      actions={<Actions {...parts} />}
    >
      <Body {...parts} />
    </Dialog>
  );
}
