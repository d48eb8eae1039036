import { GitCompare, Pencil } from "lucide-react";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Confirm } from "@/components/ui/confirm";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog } from "@/components/ui/dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { IconButton } from "@/components/ui/icon-button";
import type { Artifacts, ArtifactVersions, Job, VersionSummary } from "@/lib/api/types";
import type { Kind } from "@/lib/artifacts/kinds";
import { markdownOf } from "@/lib/artifacts/markdown";
import { useEditing } from "@/lib/artifacts/use-editing";
import { useShownVersion } from "@/lib/artifacts/use-shown-version";

import type { EditorPlace } from "./editor/editor";
import { ExportMenu } from "./export-menu";
import { Forming, FormingStrip, NotesSkeleton } from "./forming";
import { OtherVersionStrip } from "./other-version-strip";
import { VersionSelect } from "./version-select";

const DiffView = lazy(async () => ({ default: (await import("./diff-view")).DiffView }));

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
  /** The form that changes it. */
  edit: (place: EditorPlace) => ReactNode;
}

type PartProps<K extends Kind> = Omit<ArtifactOverlayProps<K>, "open" | "onClose" | "version"> &
  ReturnType<typeof useShownVersion<K>> & {
    editing: ReturnType<typeof useEditing<K>>;
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
      {shown === current && (
        <IconButton
          icon={Pencil}
          label={t("editing.edit")}
          onClick={() => {
            onCompare(null);
            props.editing.start();
          }}
        />
      )}
      <CopyButton label={t("synopsis.copy")} textOf={() => markdownOf(sessionId, kind, shown)} />
      <ExportMenu
        sessionId={sessionId}
        kind={kind}
        version={shown}
        hasDefinitions={props.hasCards(made)}
      />
    </>
  );
}

/** The version that was asked for: read, compared or changed. */
function Shown<K extends Kind>(props: PartProps<K> & { made: Made<K>; current: number }) {
  const { made, current, sessionId, kind, versions, against, onCompare, editing, edit } = props;
  const shown = made.version;
  if (editing.isEditing && shown === current) {
    return (
      <div key={editing.of}>
        {edit({ sessionId, current, onCancel: () => editing.leave(() => undefined) })}
      </div>
    );
  }
  if (against === null || against === shown) return props.show(made);
  return (
    <DiffView
      sessionId={sessionId}
      kind={kind}
      versions={versions}
      shown={shown}
      against={against}
      onAgainst={onCompare}
    />
  );
}

function Body<K extends Kind>(props: PartProps<K>) {
  const { made, running, current, isPending, sessionId, onChooseVersion } = props;
  const kind: Kind = props.kind;
  const { t } = useTranslation();
  const waiting = (
    <div className="mx-auto max-w-xl px-4 py-12 sm:px-6">
      <NotesSkeleton />
    </div>
  );
  if (made !== undefined && current !== undefined) {
    return (
      <>
        {running && <FormingStrip job={running} />}
        {made.version !== current && (
          <OtherVersionStrip
            sessionId={sessionId}
            kind={kind}
            shown={made.version}
            onCurrent={() => onChooseVersion(null)}
          />
        )}
        <Suspense fallback={waiting}>
          <Shown {...props} made={made} current={current} />
        </Suspense>
      </>
    );
  }
  if (running) return <Forming kind={kind} job={running} />;
  if (isPending) return waiting;
  return (
    <div className="mx-auto max-w-xl px-4 py-12 sm:px-6">
      <EmptyState title={t(`${kind}.emptyTitle`)} text={t(`${kind}.emptyText`)} />
    </div>
  );
}

/** A kind of artifact over the page: being made, read or changed. Can be closed at any moment. */
export function ArtifactOverlay<K extends Kind>(props: ArtifactOverlayProps<K>) {
  const { open, onClose, version, ...rest } = props;
  const kind: Kind = rest.kind;
  const { t } = useTranslation();
  const [against, setAgainst] = useState<number | null>(null);
  const shown = useShownVersion(rest.sessionId, rest.kind, version, open);
  const editing = useEditing(rest.sessionId, rest.kind, shown.holding);
  const parts: PartProps<K> = { ...rest, ...shown, editing, against, onCompare: setAgainst };
  const close = () => {
    setAgainst(null);
    onClose();
  };
  return (
    <>
      <Dialog
        open={open}
        onOpenChange={(isOpen) => {
          if (!isOpen) editing.leave(close);
        }}
        shape="sheet"
        title={t(`${kind}.title`)}
        actions={editing.isEditing && version === null ? undefined : <Actions {...parts} />}
      >
        <Body {...parts} />
      </Dialog>
      <Confirm
        {...editing.question}
        title={t("editing.leave.title")}
        text={t("editing.leave.text")}
        cancelLabel={t("editing.leave.stay")}
        confirmLabel={t("editing.leave.drop")}
      />
    </>
  );
}
