import { AlertDialog } from "radix-ui";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "./button";

interface ConfirmProps {
  /** The button that asks; without one, `open` says when to ask. */
  trigger?: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  /** What the buttons say, if not "Cancel" and "Delete". */
  cancelLabel?: string;
  confirmLabel?: string;
  title: string;
  text: string;
  onConfirm: () => void;
}

/** Asks before something is lost. */
export function Confirm(props: ConfirmProps) {
  const { trigger, title, text, cancelLabel, confirmLabel, onConfirm, ...asked } = props;
  const { t } = useTranslation();
  return (
    <AlertDialog.Root {...asked}>
      {trigger !== undefined && <AlertDialog.Trigger asChild>{trigger}</AlertDialog.Trigger>}
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-50 animate-appear bg-shade" />
        <AlertDialog.Content className="fixed inset-x-3 top-[22vh] z-50 mx-auto max-w-md animate-appear rounded-2xl bg-raised p-6 shadow-raised">
          <AlertDialog.Title className="text-lg font-semibold break-words">{title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-sm text-muted">{text}</AlertDialog.Description>
          <div className="mt-6 flex flex-wrap justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button>{cancelLabel ?? t("common.cancel")}</Button>
            </AlertDialog.Cancel>
            <AlertDialog.Action asChild>
              <Button variant="danger" onClick={onConfirm}>
                {confirmLabel ?? t("common.delete")}
              </Button>
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
