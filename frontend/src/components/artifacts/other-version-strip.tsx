import { useTranslation } from "react-i18next";
import { toast } from "sonner";

import { Button } from "@/components/ui/button";
import type { Kind } from "@/lib/artifacts/kinds";
import { useRestoreVersion } from "@/lib/artifacts/use-restore-version";
import { describeError } from "@/lib/i18n/dynamic";

interface OtherVersionStripProps {
  sessionId: string;
  kind: Kind;
  shown: number;
  onCurrent: () => void;
}

/** Says that the version shown isn't the current one; leads to that one, or makes this one it. */
export function OtherVersionStrip({ sessionId, kind, shown, onCurrent }: OtherVersionStripProps) {
  const { t } = useTranslation();
  const restore = useRestoreVersion(sessionId, kind);
  const restoreShown = () =>
    restore.mutate(shown, {
      onSuccess: () => {
        toast(t("versions.restored"));
        onCurrent();
      },
      onError: (error) =>
        toast.error(t("versions.restoreFailed"), { description: describeError(error).title }),
    });
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 bg-warn-soft px-4 py-2 text-sm text-warn sm:px-6">
      <p className="mr-auto">{t("versions.otherVersion")}</p>
      <Button size="sm" variant="quiet" onClick={onCurrent}>
        {t("versions.toCurrent")}
      </Button>
      <Button size="sm" disabled={restore.isPending} onClick={restoreShown}>
        {t("versions.restore")}
      </Button>
    </div>
  );
}
