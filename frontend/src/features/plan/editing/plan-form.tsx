import { useTranslation } from "react-i18next";

import { EditableList } from "@/components/artifacts/editor/editable-list";
import type { FormProps } from "@/components/artifacts/editor/editor";
import { replaced } from "@/components/artifacts/editor/list";
import { problemAt } from "@/components/artifacts/editor/problems";
import { SelectField, TextArea, TextField } from "@/components/ui/field";

import { LEVELS } from "../levels";
import { useDuration } from "../use-duration";

import { ModuleFields } from "./module-fields";
import { minutesOf, newModule, withoutGone, type PlanValue } from "./plan-value";

const TITLE_CHARS = 300;
const REMARK_CHARS = 4_000;

/** The plan's own fields and its modules. */
export function PlanForm({ value, onChange, problems }: FormProps<PlanValue>) {
  const { t } = useTranslation();
  const duration = useDuration();
  const { title, goal, level, modules } = value;
  const total = modules.reduce((sum, { minutes }) => sum + (minutesOf(minutes) ?? 0), 0);
  return (
    <>
      <TextField
        label={t("plan.fields.title")}
        value={title}
        maxLength={TITLE_CHARS}
        error={problemAt(problems, "title")}
        onChange={({ target }) => onChange((plan) => ({ ...plan, title: target.value }))}
      />
      <TextArea
        label={t("plan.fields.goal")}
        value={goal}
        rows={2}
        maxLength={REMARK_CHARS}
        error={problemAt(problems, "goal")}
        onChange={({ target }) => onChange((plan) => ({ ...plan, goal: target.value }))}
      />
      <SelectField
        label={t("plan.levelField")}
        value={level}
        onChange={({ target }) =>
          onChange((plan) => ({ ...plan, level: target.value as PlanValue["level"] }))
        }
      >
        {LEVELS.map((each) => (
          <option key={each} value={each}>
            {t(`plan.level.${each}`)}
          </option>
        ))}
      </SelectField>
      <p aria-live="polite" className="text-sm text-muted tabular-nums">
        {t("plan.fields.total", { time: duration(total) })}
      </p>
      <EditableList
        items={modules}
        nameOf={(module, index) =>
          t("plan.fields.module", { number: index + 1, title: module.title })
        }
        addLabel={t("plan.fields.add")}
        make={newModule}
        onChange={(items) => onChange((plan) => ({ ...plan, modules: withoutGone(items) }))}
        render={(module, index) => (
          <ModuleFields
            module={module}
            index={index}
            modules={modules}
            problems={problems}
            onChange={(changed) =>
              onChange((plan) => ({ ...plan, modules: replaced(plan.modules, index, changed) }))
            }
          />
        )}
      />
    </>
  );
}
