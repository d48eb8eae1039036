import { useId } from "react";
import { useTranslation } from "react-i18next";

import { rowsOf } from "@/components/artifacts/editor/list";
import { problemAt, type Problems } from "@/components/artifacts/editor/problems";
import { TextArea, TextField } from "@/components/ui/field";

import type { ModuleValue } from "./plan-value";

interface ModuleFieldsProps {
  module: ModuleValue;
  index: number;
  /** All modules, in their order. */
  modules: ModuleValue[];
  problems: Problems;
  onChange: (module: ModuleValue) => void;
}

/** Which earlier modules this one builds on. A later one is shown while it is chosen, to be undone. */
function Prerequisites({ module, index, modules, problems, onChange }: ModuleFieldsProps) {
  const { t } = useTranslation();
  const id = useId();
  const chosen = new Set(module.prerequisites);
  const offered = modules.filter(({ key }, place) => place < index || chosen.has(key));
  const error = problemAt(problems, `modules.${index}.prerequisites`);
  if (offered.length === 0) return null;
  const toggle = (key: string) =>
    onChange({
      ...module,
      prerequisites: chosen.has(key)
        ? module.prerequisites.filter((each) => each !== key)
        : [...module.prerequisites, key],
    });
  return (
    <fieldset aria-describedby={error === undefined ? undefined : id} className="flex flex-col gap-1.5">
      <legend className="mb-1.5 text-sm font-medium">{t("plan.fields.prerequisites")}</legend>
      {offered.map(({ key, title }) => (
        <label key={key} className="flex min-h-7 items-start gap-2 text-sm">
          <input
            type="checkbox"
            checked={chosen.has(key)}
            aria-invalid={error !== undefined && modules.findIndex((each) => each.key === key) >= index}
            onChange={() => toggle(key)}
            className="mt-0.5 size-4 shrink-0 accent-accent"
          />
          <span className="min-w-0 break-words">
            {modules.findIndex((each) => each.key === key) + 1}. {title}
          </span>
        </label>
      ))}
      {error !== undefined && (
        <p id={id} className="text-xs text-danger">
          {error}
        </p>
      )}
    </fieldset>
  );
}

export function ModuleFields(props: ModuleFieldsProps) {
  const { module, index, problems, onChange } = props;
  const { t } = useTranslation();
  const bind = (field: "title" | "minutes" | "objectives" | "question" | "answer", place: string) => ({
    value: module[field],
    error: problemAt(problems, `modules.${index}.${place}`),
    onChange: (event: { target: { value: string } }) =>
      onChange({ ...module, [field]: event.target.value }),
  });
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_8rem]">
        <TextField label={t("plan.fields.moduleTitle")} {...bind("title", "title")} />
        <TextField
          label={t("plan.fields.minutes")}
          inputMode="numeric"
          {...bind("minutes", "minutes")}
        />
      </div>
      <TextArea
        label={t("plan.fields.objectives")}
        rows={rowsOf(module.objectives, 3)}
        {...bind("objectives", "objectives")}
      />
      <Prerequisites {...props} />
      <TextArea label={t("plan.fields.question")} rows={2} {...bind("question", "check.question")} />
      <TextArea label={t("plan.fields.answer")} rows={2} {...bind("answer", "check.answer")} />
    </>
  );
}
