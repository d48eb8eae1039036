import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";

import { IconButton } from "@/components/ui/icon-button";

const SHOWN_MS = 2_000;

export function CopyButton({ textOf }: { textOf: () => Promise<string> }) {
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
      toast.error(t("synopsis.copyFailed"));
    }
  };
  return (
    <>
      <IconButton
        icon={isCopied ? Check : Copy}
        label={t("synopsis.copy")}
        onClick={() => void copy()}
      />
      <span aria-live="polite" className="sr-only">
        {isCopied ? t("synopsis.copied") : ""}
      </span>
    </>
  );
}
