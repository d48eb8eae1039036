import { useTranslation } from "react-i18next";

import type { FormProps } from "@/components/artifacts/editor/editor";
import { Fields } from "@/components/artifacts/editor/fields";
import { FieldsList } from "@/components/artifacts/editor/fields-list";

import { LEVELS } from "../levels";
import { useDuration } from "../use-duration";

import { minutesOf, newModule, offeredBefore, withoutGone, type PlanValue } from "./plan-value";

/** The plan's own fields and its modules. */
export function PlanForm({ value, onChange, problems }: FormProps<PlanValue>) {
  const { t } = useTranslation();
  const duration = useDuration();
  const { modules } = value;
  const total = modules.reduce((sum, { minutes }) => sum + (minutesOf(minutes) ?? 0), 0);
  const levels = LEVELS.map((each) => [each, t(`plan.level.${each}`)] as const);
  return (
    <>
      <Fields
        value={value}
        place=""
        problems={problems}
        onChange={(changed) => onChange(() => changed)}
        fields={[
          { as: "line", name: "title", label: t("plan.fields.title"), maxLength: 300, wide: true },
          { as: "text", name: "goal", label: t("plan.fields.goal"), maxLength: 4_000, rows: 2, wide: true },
          { as: "choice", name: "level", label: t("plan.levelField"), options: levels },
        ]}
      />
      <p aria-live="polite" className="text-sm text-muted tabular-nums">
        {t("plan.fields.total", { time: duration(total) })}
      </p>
      <FieldsList
        place="modules"
        items={modules}
        problems={problems}
        nameOf={({ title }, index) => t("plan.fields.module", { number: index + 1, title })}
        addLabel={t("plan.fields.add")}
        make={newModule}
        onChange={(items) => onChange((plan) => ({ ...plan, modules: withoutGone(items) }))}
        fieldsOf={(_, index) => [
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
        ]}
      />
    </>
  );
}
