import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { ApiError } from "@/lib/api/problem";
import type { Kind } from "@/lib/artifacts/kinds";
import { describeError } from "@/lib/i18n/dynamic";

import { Conflict } from "./conflict";

interface EditorBarProps {
  sessionId: string;
  kind: Kind;
  /** The version that is being changed, and the one that holds now. */
  mine: number;
  current: number;
  isUnsaved: boolean;
  isSaving: boolean;
  /** How many fields the person has to correct. */
  wrong: number;
  error: unknown;
  onSave: () => void;
  onCancel: () => void;
  /** Takes the other version and forgets the changes. */
  onDrop: () => void;
}

/** Another version that came meanwhile is told by `Conflict`, not as an error. */
function problemOf(error: unknown) {
  const isConflict = error instanceof ApiError && error.status === 412;
  return error && !isConflict ? describeError(error) : undefined;
}

/** What stands below the fields: what is wrong, how it stands, and the ways to end. */
export function EditorBar(props: EditorBarProps) {
  const { sessionId, kind, mine, current, isUnsaved, isSaving, wrong, error } = props;
  const { t } = useTranslation();
  const problem = problemOf(error);
  return (
    <div className="sticky bottom-0 -mx-4 flex max-h-[70dvh] flex-col gap-2 overflow-y-auto border-t border-line bg-surface px-4 py-3 sm:-mx-6 sm:px-6">
      {problem && (
        <p role="alert" className="text-sm text-danger">
          {problem.title}. {problem.hint}
        </p>
      )}
      {wrong > 0 && (
        <p role="alert" className="text-sm text-danger">
          {t("editing.toCorrect", { count: wrong })}
        </p>
      )}
      {mine === current ? (
        <div className="flex flex-wrap items-center gap-2">
          <Button type="submit" variant="primary" disabled={isSaving || !isUnsaved}>
            {t("common.save")}
          </Button>
          <Button onClick={props.onCancel}>{t("common.cancel")}</Button>
          {isUnsaved && <p className="text-xs text-muted">{t("editing.unsaved")}</p>}
        </div>
      ) : (
        <Conflict
          sessionId={sessionId}
          kind={kind}
          mine={mine}
          theirs={current}
          isSaving={isSaving}
          onSaveMine={props.onSave}
          onTakeTheirs={props.onDrop}
        />
      )}
    </div>
  );
}
