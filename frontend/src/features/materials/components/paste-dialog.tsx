import { useState, type SubmitEvent } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { TextArea, TextField } from "@/components/ui/field";

interface PasteDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onPaste: (title: string, text: string) => void;
}

const TITLE_CHARS = 60;

/** A title for a text that was given none: its first line. */
function firstLine(text: string): string {
  const line = text.trim().split("\n", 1)[0] ?? "";
  return line.length > TITLE_CHARS ? `${line.slice(0, TITLE_CHARS - 1).trimEnd()}…` : line;
}

export function PasteDialog({ open, onOpenChange, onPaste }: PasteDialogProps) {
  const { t } = useTranslation();
  const [title, setTitle] = useState("");
  const [text, setText] = useState("");
  const [isTextMissing, setTextMissing] = useState(false);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const isMissing = text.trim() === "";
    setTextMissing(isMissing);
    if (isMissing) return;
    onPaste(title.trim() || firstLine(text), text);
    setTitle("");
    setText("");
    onOpenChange(false);
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t("materials.paste")}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4 p-4 sm:p-6">
        <TextField
          label={t("materials.pasteTitle")}
          placeholder={t("materials.pasteTitlePlaceholder")}
          value={title}
          maxLength={200}
          onChange={(event) => setTitle(event.target.value)}
        />
        <TextArea
          label={t("materials.pasteText")}
          value={text}
          rows={10}
          error={isTextMissing ? t("common.required") : undefined}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" variant="primary" className="self-start">
          {t("materials.pasteSubmit")}
        </Button>
      </form>
    </Dialog>
  );
}
