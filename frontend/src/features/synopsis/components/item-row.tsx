import clsx from "clsx";
import { CircleHelp, Pencil, Wrench, type LucideIcon } from "lucide-react";
import { useTranslation } from "react-i18next";

import { SourceNote } from "@/components/artifacts/source-note";
import type { Span, SynopsisItem } from "@/lib/api/types";
import { useHoverIntent } from "@/lib/hooks/use-hover-intent";

import { itemId } from "../contents";

import { ItemBody } from "./item-body";

interface ItemRowProps {
  sessionId: string;
  item: SynopsisItem;
  index: number;
  hrefOf: (span: Span) => string;
}

const ABOUT_CHARS = 60;

function aboutOf(item: SynopsisItem): string {
  const text =
    item.type === "list" ? item.items.join(", ") : item.type === "definition" ? item.term : item.text;
  return text.length > ABOUT_CHARS ? `${text.slice(0, ABOUT_CHARS)}…` : text;
}

function Ungrounded() {
  const { t } = useTranslation();
  return (
    <p className="mb-1 flex items-start gap-1.5 font-sans text-xs text-warn">
      <CircleHelp aria-hidden size={15} className="mt-px shrink-0" />
      <span>
        <strong className="font-semibold">{t("synopsis.ungrounded")}.</strong>{" "}
        {t("synopsis.ungroundedHint")}
      </span>
    </p>
  );
}

/** What a reader should know of an item that is not marked as ungrounded. */
function Remark({ icon: Icon, text }: { icon: LucideIcon; text: string }) {
  return (
    <p className="mt-1 flex items-center gap-1.5 font-sans text-xs text-muted">
      <Icon aria-hidden size={13} className="shrink-0" />
      {text}
    </p>
  );
}

/** An item beside the notebook's red margin line, its source mark beyond the line. */
export function ItemRow({ sessionId, item, index, hrefOf }: ItemRowProps) {
  const intent = useHoverIntent();
  const { t } = useTranslation();
  // Its sources are those of what stood here before.
  const isEdited = item.edited && item.sources.length > 0 && item.type !== "heading";
  const isMarked = !item.grounded && item.type !== "heading";
  return (
    <div
      id={itemId(index)}
      data-item-type={item.type}
      className="group grid scroll-mt-4 grid-cols-[minmax(0,1fr)_2.25rem] lg:grid-cols-[minmax(0,42rem)_15rem]"
    >
      <div className="py-2.5 pr-3 break-words sm:pr-6">
        {isMarked ? (
          <div className="rounded-lg border border-dashed border-warn bg-warn-soft px-4 py-3">
            <Ungrounded />
            <ItemBody item={item} />
          </div>
        ) : (
          <>
            <ItemBody item={item} />
            {item.repaired && <Remark icon={Wrench} text={t("versions.repaired")} />}
            {isEdited && <Remark icon={Pencil} text={t("versions.edited")} />}
          </>
        )}
      </div>
      <div {...intent.hover} className="flex flex-col border-l border-margin py-1.5 lg:pl-2">
        {item.sources.length > 0 && (
          <div className={clsx("flex flex-1", item.type === "heading" ? "items-end" : "items-start")}>
            <SourceNote
              sessionId={sessionId}
              sources={item.sources}
              about={aboutOf(item)}
              intent={intent}
              hrefOf={hrefOf}
            />
          </div>
        )}
      </div>
    </div>
  );
}
