import { useTranslation } from "react-i18next";

import type { VersionSummary } from "@/lib/api/types";
import { formatMoment } from "@/lib/format";

interface VersionSelectProps {
  versions: VersionSummary[];
  shown: number;
  /** What the choice is for; without it, the version to be read. */
  label?: string;
  onChoose: (version: number) => void;
}

export function VersionSelect({ versions, shown, label, onChoose }: VersionSelectProps) {
  const { t, i18n } = useTranslation();
  return (
    <select
      aria-label={label ?? t("synopsis.version")}
      value={shown}
      onChange={(event) => onChoose(Number(event.target.value))}
      className="h-9 max-w-[42vw] truncate rounded-lg border border-line-strong bg-surface px-2 text-xs"
    >
      {versions.map(({ version, kind, createdAt }) => (
        <option key={version} value={version}>
          {t(kind === "draft" ? "synopsis.versionDraft" : "synopsis.versionOption", {
            version,
            date: formatMoment(createdAt, i18n.language),
          })}
        </option>
      ))}
    </select>
  );
}
