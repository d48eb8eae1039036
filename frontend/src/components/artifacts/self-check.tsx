import { ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Span } from "@/lib/api/types";

import { Sourced } from "./sourced";

interface SelfCheckProps {
  sessionId: string;
  question: string;
  answer: string;
  sources: Span[];
  /** A person wrote or changed it. */
  isOwn?: boolean;
  hrefOf: (span: Span) => string;
}

/** A question to oneself; the answer is there when it is asked for. */
export function SelfCheck(props: SelfCheckProps) {
  const { sessionId, question, answer, sources, isOwn = false, hrefOf } = props;
  const { t } = useTranslation();
  return (
    <details className="group/check rounded-lg border border-line bg-surface px-4 py-3">
      <summary className="flex list-none items-start gap-2 font-medium break-words [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          size={16}
          className="mt-1 shrink-0 text-muted transition-transform group-open/check:rotate-90"
        />
        <span className="min-w-0">{question}</span>
      </summary>
      <Sourced
        sessionId={sessionId}
        sources={sources}
        about={answer.slice(0, 60)}
        hrefOf={hrefOf}
        className="mt-2 pl-6 font-serif"
      >
        {answer}
        {isOwn && <span className="font-sans text-xs text-muted"> · {t("editing.own")}</span>}
      </Sourced>
    </details>
  );
}
