import clsx from "clsx";
import { Quote } from "lucide-react";
import { Popover } from "radix-ui";
import { useRef, type FocusEvent } from "react";
import { useTranslation } from "react-i18next";

import type { Span } from "@/lib/api/types";
import type { useHoverIntent } from "@/lib/hooks/use-hover-intent";

import { passagesOf } from "./passages";
import { SourcePassage } from "./source-passage";

interface SourceNoteProps {
  sessionId: string;
  sources: Span[];
  /** What the item says; names the button for a screen reader. */
  about: string;
  intent: ReturnType<typeof useHoverIntent>;
  hrefOf: (span: Span) => string;
}

/** The mark in the margin that shows where an item comes from. */
export function SourceNote({ sessionId, sources, about, intent, hrefOf }: SourceNoteProps) {
  const { t } = useTranslation();
  const isPressed = useRef(false);
  const isReturning = useRef(false);
  const { isOpen, set } = intent;
  const passages = passagesOf(sources);
  const showOnFocus = (event: FocusEvent<HTMLButtonElement>) => {
    if (!isReturning.current && event.currentTarget.matches(":focus-visible")) set(true);
    isReturning.current = false;
  };
  return (
    <Popover.Root
      open={isOpen}
      onOpenChange={(open) => {
        isPressed.current = open;
        set(open);
      }}
    >
      <Popover.Trigger asChild>
        <button
          type="button"
          aria-label={t("synopsis.sourceOf", { text: about })}
          onClick={(event) => {
            // Open by hover or focus already: pressing goes into it instead of closing it.
            if (!isOpen || isPressed.current) return;
            event.preventDefault();
            isPressed.current = true;
            document.getElementById(event.currentTarget.getAttribute("aria-controls") ?? "")?.focus();
          }}
          onFocus={showOnFocus}
          onBlur={() => {
            if (isOpen && !isPressed.current) set(false);
          }}
          className={clsx(
            "flex min-h-8 items-center gap-1.5 rounded-md px-2 font-sans text-xs",
            isOpen ? "text-accent" : "text-muted hover:text-accent group-hover:text-accent",
          )}
        >
          <Quote aria-hidden size={14} strokeWidth={2} />
          <span
            className={clsx(
              "hidden lg:inline",
              !isOpen && "opacity-0 group-focus-within:opacity-100 group-hover:opacity-100",
            )}
          >
            {passages.length > 1 ? t("synopsis.sources") : t("synopsis.source")}
          </span>
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label={t("synopsis.source")}
          align="start"
          sideOffset={4}
          collisionPadding={12}
          onOpenAutoFocus={(event) => {
            // Shown by hover or focus, it must not take the focus away.
            if (!isPressed.current) event.preventDefault();
          }}
          onCloseAutoFocus={(event) => {
            if (isPressed.current) isReturning.current = true;
            else event.preventDefault();
            isPressed.current = false;
          }}
          className="z-50 flex w-80 max-w-[calc(100vw-1.5rem)] lg:w-[14.5rem] max-h-(--radix-popover-content-available-height) animate-appear flex-col gap-4 overflow-y-auto rounded-xl border border-line bg-raised p-4 shadow-raised outline-none"
        >
          {passages.map((span) => (
            <SourcePassage
              key={`${span.materialId}:${span.start}`}
              sessionId={sessionId}
              span={span}
              href={hrefOf(span)}
              onFollow={() => set(false)}
            />
          ))}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
