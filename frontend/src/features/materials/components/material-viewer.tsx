import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";

import { Dialog } from "@/components/ui/dialog";
import { Skeleton } from "@/components/ui/skeleton";
import { useMaterialText } from "@/lib/api/use-material-text";
import { describeError } from "@/lib/i18n/dynamic";

import { paragraphsOf, type Passage } from "../paragraphs";

interface MaterialViewerProps {
  sessionId: string;
  /** Null while closed. */
  materialId: string | null;
  /** In characters, as the API counts them. */
  passage: Passage | null;
  onClose: () => void;
}

function MaterialText({ text, passage }: { text: string; passage: Passage | null }) {
  const mark = useRef<HTMLElement>(null);
  const paragraphs = useMemo(() => paragraphsOf(text, passage), [text, passage]);
  useEffect(() => {
    // Twice: paragraphs out of sight get their true height only when they come near.
    mark.current?.scrollIntoView({ block: "center" });
    const frame = requestAnimationFrame(() => mark.current?.scrollIntoView({ block: "center" }));
    return () => cancelAnimationFrame(frame);
  }, [paragraphs]);
  return (
    <div className="mx-auto max-w-[68ch] px-4 py-8 font-serif text-base leading-relaxed sm:px-8">
      {paragraphs.map(({ start, before, marked, after, opensPassage }) => (
        <p
          key={start}
          className="min-h-[1em] break-words whitespace-pre-wrap [contain-intrinsic-size:auto_6em] [content-visibility:auto]"
        >
          {before}
          {marked !== "" && (
            <mark ref={opensPassage ? mark : undefined} className="rounded-xs bg-mark text-ink">
              {marked}
            </mark>
          )}
          {after}
        </p>
      ))}
    </div>
  );
}

/** The text of a material, opened at a passage. */
export function MaterialViewer({ sessionId, materialId, passage, onClose }: MaterialViewerProps) {
  const { t } = useTranslation();
  const material = useMaterialText(sessionId, materialId);
  const problem = material.isError ? describeError(material.error) : undefined;
  return (
    <Dialog
      open={materialId !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      shape="sheet"
      title={material.data?.title ?? t("materials.title")}
      description={passage === null ? undefined : t("materials.viewerPassage")}
    >
      {material.data && <MaterialText text={material.data.text} passage={passage} />}
      {material.isPending && (
        <div className="mx-auto flex max-w-[68ch] flex-col gap-3 px-4 py-8 sm:px-8">
          {["w-full", "w-11/12", "w-full", "w-4/5"].map((width, index) => (
            <Skeleton key={index} className={`h-4 ${width}`} />
          ))}
        </div>
      )}
      {problem && (
        <p role="alert" className="p-8 text-muted">
          {t("materials.missing")}
        </p>
      )}
    </Dialog>
  );
}
