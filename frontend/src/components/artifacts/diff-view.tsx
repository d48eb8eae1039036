import clsx from "clsx";
import { useTranslation } from "react-i18next";

import type { DiffRun, ItemDiff, VersionSummary } from "@/lib/api/types";
import type { Kind } from "@/lib/artifacts/kinds";
import { useDiff } from "@/lib/artifacts/use-diff";
import { describeError } from "@/lib/i18n/dynamic";

import { NotesSkeleton } from "./forming";
import { VersionSelect } from "./version-select";

/** Colour alone tells nobody who can't see it: lines below and through, and words for a reader. */
function Run({ run }: { run: DiffRun }) {
  const { t } = useTranslation();
  if (run.op === "equal") return run.text;
  const Tag = run.op === "insert" ? "ins" : "del";
  return (
    <Tag
      className={clsx(
        "rounded-sm decoration-2",
        run.op === "insert"
          ? "bg-accent-soft text-accent underline underline-offset-3"
          : "bg-danger-soft text-danger line-through",
      )}
    >
      <span className="sr-only"> {t(run.op === "insert" ? "versions.diff.in" : "versions.diff.out")} </span>
      {run.text}
    </Tag>
  );
}

const borders = {
  same: "border-transparent",
  changed: "border-line-strong",
  added: "border-accent",
  removed: "border-danger",
};

function Item({ item }: { item: ItemDiff }) {
  return (
    <div
      data-change={item.change}
      className={clsx(
        "border-l-3 pl-4 break-words whitespace-pre-line",
        borders[item.change],
        item.type === "heading" && "pt-4 text-lg font-semibold",
        item.type === "code" && "font-mono text-sm",
        item.change === "same" && "text-muted",
      )}
    >
      {item.runs.map((run, index) => (
        <Run key={index} run={run} />
      ))}
    </div>
  );
}

interface DiffViewProps {
  sessionId: string;
  kind: Kind;
  versions?: VersionSummary[];
  shown: number;
  against: number;
  /** Chooses the other one; left out where the two are given. */
  onAgainst?: (version: number) => void;
}

/** What the version shown has changed since another one, word by word. */
export function DiffView(props: DiffViewProps) {
  const { sessionId, kind, versions = [], shown, against, onAgainst } = props;
  const { t } = useTranslation();
  const { data, error } = useDiff(sessionId, kind, shown, against);
  return (
    <div className="mx-auto flex max-w-3xl flex-col gap-3 px-4 py-6 sm:px-6">
      {onAgainst && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-sm">
          <span>{t("versions.diff.since", { version: shown })}</span>
          <VersionSelect
            label={t("versions.diff.against")}
            versions={versions.filter(({ version }) => version !== shown)}
            shown={against}
            onChoose={onAgainst}
          />
        </div>
      )}
      {error && <p role="alert">{describeError(error).title}</p>}
      {data === undefined ? (
        !error && <NotesSkeleton />
      ) : (
        <>
          <p aria-live="polite" className="text-xs text-muted">
            {t("versions.diff.counts", {
              added: data.added,
              removed: data.removed,
              changed: data.changed,
            })}
          </p>
          <div className="flex flex-col gap-3 font-serif text-base leading-relaxed">
            <h2 className="text-xl font-semibold break-words">
              {data.title.map((run, index) => (
                <Run key={index} run={run} />
              ))}
            </h2>
            {data.items.map((item, index) => (
              <Item key={index} item={item} />
            ))}
          </div>
        </>
      )}
    </div>
  );
}
