import clsx from "clsx";
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useMediaQuery } from "@/lib/hooks/use-media-query";

import { IconButton } from "./icon-button";

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** Said after the title by a screen reader. */
  description?: string | undefined;
  /** `sheet` fills the height from the right side, for reading; `box` is for a short task. */
  shape?: "box" | "sheet";
  /** Stands between the title and the close button, or below both. */
  actions?: ReactNode;
  children: ReactNode;
}

const shapes = {
  box: "inset-x-3 top-[8vh] mx-auto max-h-[84vh] max-w-lg rounded-2xl animate-appear",
  sheet: "inset-y-0 right-0 w-full max-w-[76rem] sm:left-auto sm:w-[calc(100%-3rem)] animate-slide-in",
};

/** A toast is above the dialog: pressing it must not close what lies below. */
function isToast(event: { target: EventTarget | null }): boolean {
  return event.target instanceof Element && event.target.closest("[data-sonner-toaster]") !== null;
}

export function Dialog(props: DialogProps) {
  const { open, onOpenChange, title, description, shape = "box", actions, children } = props;
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  const opener = useRef<Element>(null);
  // Where there is no room beside the title the buttons stand below it, for the keyboard too.
  const isRoomy = useMediaQuery("(width >= 40rem)");
  const close = (
    <Radix.Close key="close" asChild>
      <IconButton icon={X} label={t("common.close")} />
    </Radix.Close>
  );
  const buttons = actions !== undefined && (
    <div
      key="actions"
      className="flex basis-full items-center gap-2 empty:hidden sm:basis-auto"
    >
      {actions}
    </div>
  );
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-30 animate-appear bg-shade" />
        <Radix.Content
          {...(description === undefined ? { "aria-describedby": undefined } : {})}
          onInteractOutside={(event) => {
            if (isToast(event)) event.preventDefault();
          }}
          onOpenAutoFocus={(event) => {
            opener.current = document.activeElement;
            // A sheet is read from its title on; a box starts at its first field.
            if (shape === "sheet") {
              event.preventDefault();
              heading.current?.focus();
            }
          }}
          onCloseAutoFocus={() => {
            // The library gives the focus back to a trigger of its own kind only.
            if (opener.current instanceof HTMLElement) opener.current.focus();
          }}
          className={clsx(
            "fixed z-40 flex flex-col overflow-hidden bg-surface shadow-raised outline-none",
            shapes[shape],
          )}
        >
          <header className="flex flex-wrap items-center gap-x-2 gap-y-1 border-b border-line py-2 pr-2 pl-4 sm:flex-nowrap sm:pl-6">
            <Radix.Title
              ref={heading}
              tabIndex={-1}
              className="min-w-0 flex-1 truncate text-base font-semibold outline-none"
            >
              {title}
            </Radix.Title>
            {description !== undefined && (
              <Radix.Description className="sr-only">{description}</Radix.Description>
            )}
            {isRoomy ? [buttons, close] : [close, buttons]}
          </header>
          <div className="relative min-h-0 flex-1 overflow-y-auto overscroll-contain">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
