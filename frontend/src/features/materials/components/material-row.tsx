import { FileText, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Confirm } from "@/components/ui/confirm";
import { IconButton } from "@/components/ui/icon-button";
import type { Material } from "@/lib/api/types";

interface MaterialRowProps {
  material: Material;
  onOpen: () => void;
  onDelete: () => void;
}

export function MaterialRow({ material, onOpen, onDelete }: MaterialRowProps) {
  const { t } = useTranslation();
  const { title, chars, format, language } = material;
  return (
    <div className="group flex items-center gap-1 rounded-lg hover:bg-sunken">
      <button
        type="button"
        onClick={onOpen}
        className="flex min-w-0 flex-1 items-start gap-3 rounded-lg px-3 py-2.5 text-left"
      >
        <FileText aria-hidden size={18} strokeWidth={1.5} className="mt-0.5 shrink-0 text-muted" />
        <span className="min-w-0">
          <span className="block text-sm break-words">{title}</span>
          <span className="block text-xs text-muted tabular-nums">
            {[format, language].filter(Boolean).join(" · ").toUpperCase()}
            {" · "}
            {t("common.chars", { count: chars })}
          </span>
        </span>
      </button>
      <Confirm
        title={t("materials.deleteTitle", { title })}
        text={t("materials.deleteText")}
        onConfirm={onDelete}
        trigger={<IconButton icon={Trash2} label={t("materials.delete", { title })} />}
      />
    </div>
  );
}
