import { useId } from "react";
import { useTranslation } from "react-i18next";

import { LEVELS } from "../levels";

export interface PlanWishes {
  hours: string;
  level: string;
}

/** What the wishes add to the query: nothing that was left open. */
export function queryFrom({ hours, level }: PlanWishes): Record<string, unknown> {
  const number = Number(hours.replace(",", "."));
  return {
    ...(hours !== "" && number > 0 ? { hours: number } : {}),
    ...(level === "" ? {} : { level }),
  };
}

interface PlanWishesFieldsProps {
  value: PlanWishes;
  onChange: (value: PlanWishes) => void;
}

const control = "h-11 w-full rounded-lg border border-line-strong bg-surface px-3 text-sm";

/** How much time there is, and who learns. */
export function PlanWishesFields({ value, onChange }: PlanWishesFieldsProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
      <div className="flex flex-col gap-1.5">
        <label htmlFor={`${id}-hours`} className="text-sm font-medium">
          {t("plan.hoursField")}
        </label>
        <input
          id={`${id}-hours`}
          type="number"
          inputMode="decimal"
          min={0.25}
          max={1000}
          step={0.25}
          value={value.hours}
          onChange={(event) => onChange({ ...value, hours: event.target.value })}
          className={control}
        />
      </div>
      <div className="flex flex-col gap-1.5">
        <label htmlFor={`${id}-level`} className="text-sm font-medium">
          {t("plan.levelField")}
        </label>
        <select
          id={`${id}-level`}
          value={value.level}
          onChange={(event) => onChange({ ...value, level: event.target.value })}
          className={control}
        >
          <option value="">{t("plan.anyLevel")}</option>
          {LEVELS.map((level) => (
            <option key={level} value={level}>
              {t(`plan.level.${level}`)}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
