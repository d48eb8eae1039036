import { RotateCcw, TriangleAlert, X } from "lucide-react";
import { useTranslation } from "react-i18next";

import { IconButton } from "@/components/ui/icon-button";
import { ProgressBar } from "@/components/ui/progress-bar";
import { ApiError } from "@/lib/api/problem";
import { describeError } from "@/lib/i18n/dynamic";

import type { Upload } from "../api/uploads-reducer";

interface UploadRowProps {
  upload: Upload;
  onAgain: (upload: Upload) => void;
  onDismiss: (upload: Upload) => void;
}

function Refused({ upload, onAgain, onDismiss }: UploadRowProps) {
  const { t } = useTranslation();
  const { title, hint } = describeError(upload.error);
  const canHelp = upload.error instanceof ApiError && upload.error.isTransient;
  return (
    <div className="flex items-start gap-2 rounded-lg bg-danger-soft py-2 pr-1 pl-3">
      <TriangleAlert aria-hidden size={18} className="mt-1 shrink-0 text-danger" />
      <div role="alert" className="min-w-0 flex-1 py-0.5">
        <p className="text-sm font-medium break-words">{upload.title}</p>
        <p className="text-sm text-danger">{title}</p>
        <p className="text-xs text-muted">{hint}</p>
      </div>
      {canHelp && (
        <IconButton icon={RotateCcw} label={t("common.tryAgain")} onClick={() => onAgain(upload)} />
      )}
      <IconButton icon={X} label={t("common.dismiss")} onClick={() => onDismiss(upload)} />
    </div>
  );
}

/** One file on its way: how far it is, or why it was refused and what to do. */
export function UploadRow(props: UploadRowProps) {
  const { t } = useTranslation();
  const { upload } = props;
  if (upload.state === "refused") return <Refused {...props} />;
  const isReading = upload.sent >= 1;
  const sending = isReading ? t("materials.reading") : t("materials.uploading");
  return (
    <div className="px-3 py-2">
      <p className="flex justify-between gap-3 text-sm">
        <span className="truncate">{upload.title}</span>
        <span className="shrink-0 text-xs text-muted">
          {upload.state === "waiting" ? t("materials.waiting") : sending}
        </span>
      </p>
      <ProgressBar
        className="mt-2"
        label={`${sending}: ${upload.title}`}
        value={isReading ? undefined : upload.sent}
      />
    </div>
  );
}
