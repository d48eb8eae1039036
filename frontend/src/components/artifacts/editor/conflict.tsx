import { useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";

import { DiffView } from "@/components/artifacts/diff-view";
import { Button } from "@/components/ui/button";
import type { Kind } from "@/lib/artifacts/kinds";

interface ConflictProps {
  sessionId: string;
  kind: Kind;
  /** The version that is being changed. */
  mine: number;
  /** The one that came meanwhile and holds now. */
  theirs: number;
  isSaving: boolean;
  onSaveMine: () => void;
  onTakeTheirs: () => void;
}

/** Another version came while this one was being changed: what it says, and the two ways on. */
export function Conflict(props: ConflictProps) {
  const { sessionId, kind, mine, theirs, isSaving, onSaveMine, onTakeTheirs } = props;
  const { t } = useTranslation();
  const titleId = useId();
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    panel.current?.scrollIntoView({ block: "nearest" });
  }, []);
  return (
    <section
      ref={panel}
      aria-labelledby={titleId}
      className="flex flex-col gap-3 rounded-2xl border border-warn bg-warn-soft p-4 text-sm"
    >
      <div role="alert">
        <h3 id={titleId} className="font-semibold text-warn">
          {t("editing.conflict.title", { version: theirs })}
        </h3>
        <p className="mt-1">{t("editing.conflict.text", { mine, theirs })}</p>
      </div>
      <details className="rounded-lg bg-surface">
        <summary className="px-3 py-2">{t("editing.conflict.see", { version: theirs })}</summary>
        {/* The ways on stay in sight beside it, and the arrow keys must reach it. */}
        <div
          tabIndex={0}
          role="region"
          aria-label={t("editing.conflict.see", { version: theirs })}
          className="max-h-[30dvh] overflow-y-auto"
        >
          <DiffView sessionId={sessionId} kind={kind} shown={theirs} against={mine} />
        </div>
      </details>
      <div className="flex flex-wrap gap-2">
        <Button variant="primary" disabled={isSaving} onClick={onSaveMine}>
          {t("editing.conflict.mine")}
        </Button>
        <Button disabled={isSaving} onClick={onTakeTheirs}>
          {t("editing.conflict.theirs", { version: theirs })}
        </Button>
      </div>
    </section>
  );
}
