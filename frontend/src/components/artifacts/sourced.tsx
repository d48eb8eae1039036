import clsx from "clsx";
import type { ReactNode } from "react";

import type { Span } from "@/lib/api/types";
import { useHoverIntent } from "@/lib/hooks/use-hover-intent";

import { SourceNote } from "./source-note";

interface SourcedProps {
  sessionId: string;
  sources: Span[];
  /** What it says; names the source's button for a screen reader. */
  about: string;
  hrefOf: (span: Span) => string;
  className?: string;
  children: ReactNode;
}

/** Something said, with the mark beside it that shows where in the material it comes from. */
export function Sourced({ sessionId, sources, about, hrefOf, className, children }: SourcedProps) {
  const intent = useHoverIntent();
  return (
    <div className={clsx("group flex items-start gap-2", className)}>
      <div className="min-w-0 flex-1 break-words">{children}</div>
      {sources.length > 0 && (
        <div {...intent.hover} className="shrink-0">
          <SourceNote
            sessionId={sessionId}
            sources={sources}
            about={about}
            intent={intent}
            hrefOf={hrefOf}
          />
        </div>
      )}
    </div>
  );
}
