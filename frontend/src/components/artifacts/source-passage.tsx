import { ArrowUpRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { Skeleton } from "@/components/ui/skeleton";
import { ApiError } from "@/lib/api/problem";
import type { Span } from "@/lib/api/types";
import { useMaterialText } from "@/lib/api/use-material-text";
import { utf16Offsets } from "@/lib/code-points";
import { describeError } from "@/lib/i18n/dynamic";

const LONGEST_PASSAGE = 500;

function excerpt(text: string, span: Span): string {
  const { start, end } = utf16Offsets(text, span);
  const lines = text.slice(start, end).split("\n");
  const passage = lines.map((line) => line.trim()).filter(Boolean).join("\n");
  return passage.length > LONGEST_PASSAGE ? `${passage.slice(0, LONGEST_PASSAGE)}…` : passage;
}

interface SourcePassageProps {
  sessionId: string;
  span: Span;
  /** Where the passage can be read in its place. */
  href: string;
  onFollow: () => void;
}

/** The words of the material that an item rests on. */
export function SourcePassage({ sessionId, span, href, onFollow }: SourcePassageProps) {
  const { t } = useTranslation();
  const material = useMaterialText(sessionId, span.materialId);
  if (material.isError) {
    const isGone = material.error instanceof ApiError && material.error.status === 404;
    const { title, hint } = describeError(material.error);
    return (
      <p className="text-sm text-muted">
        {isGone ? t("synopsis.sourceMissing") : `${title}. ${hint}`}
      </p>
    );
  }
  if (material.data === undefined) {
    return (
      <div className="flex flex-col gap-2">
        <Skeleton className="h-3 w-full" />
        <Skeleton className="h-3 w-4/5" />
      </div>
    );
  }
  return (
    <figure className="flex flex-col gap-2">
      <blockquote className="font-serif text-sm break-words whitespace-pre-line">
        {excerpt(material.data.text, span)}
      </blockquote>
      <figcaption className="text-xs text-muted">
        <span className="block break-words">{material.data.title}</span>
        <Link
          href={href}
          onClick={onFollow}
          className="mt-1 inline-flex items-center gap-1 text-accent underline underline-offset-2 hover:text-accent-strong"
        >
          {t("synopsis.openSource")}
          <ArrowUpRight aria-hidden size={14} />
        </Link>
      </figcaption>
    </figure>
  );
}
