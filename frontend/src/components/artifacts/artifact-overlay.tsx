import { GitCompare } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Dialog } from "@/components/ui/dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { IconButton } from "@/components/ui/icon-button";
import type { Artifacts, ArtifactVersions, Job, VersionSummary } from "@/lib/api/types";
import type { Kind } from "@/lib/artifacts/kinds";
import { markdownOf } from "@/lib/artifacts/markdown";
import { useShownVersion } from "@/lib/artifacts/use-shown-version";

import { CopyButton } from "./copy-button";
import { DiffView } from "./diff-view";
import { ExportMenu } from "./export-menu";
import { Forming, FormingStrip, NotesSkeleton } from "./forming";
import { OtherVersionStrip } from "./other-version-strip";
import { VersionSelect } from "./version-select";

export type Made<K extends Kind> = Artifacts[K] | ArtifactVersions[K];

interface ArtifactOverlayProps<K extends Kind> {
  kind: K;
  sessionId: string;
  open: boolean;
  onClose: () => void;
  /** The run that is making one now. */
  running: Job | undefined;
  /** Null for the current one. */
  version: number | null;
  onChooseVersion: (version: number | null) => void;
  /** The version to be read. */
  show: (made: Made<K>) => ReactNode;
  /** Whether anything in it becomes a card to learn by. */
  hasCards: (made: Made<K>) => boolean;
}

type PartProps<K extends Kind> = Omit<ArtifactOverlayProps<K>, "open" | "onClose" | "version"> &
  ReturnType<typeof useShownVersion<K>> & {
    /** The version that the one shown is compared with; null to read it. */
    against: number | null;
    onCompare: (against: number | null) => void;
  };

/** The version to compare with at first: the one before, of those there are. */
function earlierThan(shown: number, versions: VersionSummary[]): number {
  const numbers = versions.map(({ version }) => version).filter((version) => version !== shown);
  return Math.max(...numbers.filter((version) => version < shown), Math.min(...numbers));
}

function Actions<K extends Kind>(props: PartProps<K>) {
  const { kind, sessionId, made, versions, current, onChooseVersion, against, onCompare } = props;
  const { t } = useTranslation();
  if (made === undefined) return null;
  const shown = made.version;
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
      <CopyButton textOf={() => markdownOf(sessionId, kind, shown)} />
      <ExportMenu
        sessionId={sessionId}
        kind={kind}
        version={shown}
        hasDefinitions={props.hasCards(made)}
      />
    </>
  );
}

function Body<K extends Kind>(props: PartProps<K>) {
  const { made, running, current, isPending, sessionId, onChooseVersion } = props;
  const kind: Kind = props.kind;
  const { versions, against, onCompare } = props;
  const { t } = useTranslation();
  if (made !== undefined) {
    const shown = made.version;
    return (
      <>
        {running && <FormingStrip job={running} />}
        {shown !== current && (
          <OtherVersionStrip
            sessionId={sessionId}
            kind={kind}
            shown={shown}
            onCurrent={() => onChooseVersion(null)}
          />
        )}
        {against !== null && against !== shown ? (
          <DiffView
            sessionId={sessionId}
            kind={kind}
            versions={versions}
            shown={shown}
            against={against}
            onAgainst={onCompare}
          />
        ) : (
          props.show(made)
        )}
      </>
    );
  }
  if (running) return <Forming kind={kind} job={running} />;
  return (
    <div className="mx-auto max-w-xl px-4 py-12 sm:px-6">
      {isPending ? (
        <NotesSkeleton />
      ) : (
        <EmptyState title={t(`${kind}.emptyTitle`)} text={t(`${kind}.emptyText`)} />
      )}
    </div>
  );
}

/** A kind of artifact over the page: being made, or to be read. Can be closed at any moment. */
export function ArtifactOverlay<K extends Kind>(props: ArtifactOverlayProps<K>) {
  const { open, onClose, version, ...rest } = props;
  const kind: Kind = rest.kind;
  const { t } = useTranslation();
  const [against, setAgainst] = useState<number | null>(null);
  const shown = useShownVersion(rest.sessionId, rest.kind, version, open);
  const parts: PartProps<K> = { ...rest, ...shown, against, onCompare: setAgainst };
  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => {
        if (isOpen) return;
        setAgainst(null);
        onClose();
      }}
      shape="sheet"
      title={t(`${kind}.title`)}
      actions={<Actions {...parts} />}
    >
      <Body {...parts} />
    </Dialog>
  );
}
