import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";

import { IconButton } from "./icon-button";

const SHOWN_MS = 2_000;

interface CopyButtonProps {
  /** What is copied; read aloud, and shown as a tooltip. */
  label: string;
  textOf: () => string | Promise<string>;
}

export function CopyButton({ label, textOf }: CopyButtonProps) {
  const { t } = useTranslation();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(await textOf());
      setCopied(true);
    } catch {
      toast.error(t("common.copyFailed"));
    }
  };
  return (
    <>
      <IconButton
        icon={isCopied ? Check : Copy}
        label={label}
        onClick={() => void copy()}
      />
      <span aria-live="polite" className="sr-only">
        {isCopied ? t("common.copied") : ""}
      </span>
    </>
  );
}
