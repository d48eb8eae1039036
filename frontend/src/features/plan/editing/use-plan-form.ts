import { useTranslation } from "react-i18next";

import type { FormOf } from "@/components/artifacts/editor/form-frame";

import { LEVELS } from "../levels";
import { useDuration } from "../use-duration";

import { minutesOf, newModule, offeredBefore, withoutGone, type PlanValue } from "./plan-value";

/** The plan's own fields and its modules. */
export function usePlanForm({ modules }: PlanValue): FormOf<PlanValue> {
  const { t } = useTranslation();
  const duration = useDuration();
  const total = modules.reduce((sum, { minutes }) => sum + (minutesOf(minutes) ?? 0), 0);
  const levels = LEVELS.map((each) => [each, t(`plan.level.${each}`)] as const);
  return {
    fields: [
      { as: "line", name: "title", label: t("plan.fields.title"), maxLength: 300, wide: true },
      { as: "text", name: "goal", label: t("plan.fields.goal"), maxLength: 4_000, rows: 2, wide: true },
      { as: "choice", name: "level", label: t("plan.levelField"), options: levels },
    ],
    note: t("plan.fields.total", { time: duration(total) }),
    lists: {
      modules: {
        nameOf: ({ title }, index) => t("plan.fields.module", { number: index + 1, title }),
        adding: { label: t("plan.fields.add"), make: newModule },
        tidied: withoutGone,
        fieldsOf: (_, index) => [
          { as: "line", name: "title", label: t("plan.fields.moduleTitle") },
          { as: "line", name: "minutes", label: t("plan.fields.minutes"), inputMode: "numeric" },
          { as: "text", name: "objectives", label: t("plan.fields.objectives"), rows: 3, wide: true },
          {
            as: "ticks",
            name: "prerequisites",
            label: t("plan.fields.prerequisites"),
            options: offeredBefore(modules, index),
            wide: true,
          },
          { as: "text", name: "question", at: "check.question", label: t("plan.fields.question"), rows: 2, wide: true },
          { as: "text", name: "answer", at: "check.answer", label: t("plan.fields.answer"), rows: 2, wide: true },
        ],
      },
    },
  };
}
