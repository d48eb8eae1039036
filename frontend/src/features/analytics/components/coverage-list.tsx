import { Check, CircleDashed, CircleDot } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Analytics } from "@/lib/api/types";

const icons = { covered: Check, partly: CircleDot, missing: CircleDashed };
const tints = { covered: "text-accent", partly: "text-warn", missing: "text-danger" };

/** How far material and notes carry each module of the plan. */
export function CoverageList({ modules }: { modules: Analytics["plan"] }) {
  const { t } = useTranslation();
  return (
    <ul className="flex flex-col divide-y divide-line">
      {modules.map((module) => {
        const Icon = icons[module.coverage];
        return (
          <li key={module.moduleId} data-coverage={module.coverage} className="flex gap-3 py-2.5">
            <Icon aria-hidden size={18} className={`mt-0.5 shrink-0 ${tints[module.coverage]}`} />
            <div className="min-w-0">
              <p className="break-words">{module.title}</p>
              <p className="text-xs text-muted tabular-nums">
                {t(`analytics.coverage.${module.coverage}`)}
                {" · "}
                {t("analytics.carried", {
                  objectives: module.objectives,
                  material: module.inMaterial,
                  notes: module.inNotes,
                })}
              </p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
