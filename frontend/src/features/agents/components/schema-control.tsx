import { useId } from "react";
import { useTranslation } from "react-i18next";

import { SelectField, TextArea, TextField } from "@/components/ui/field";

import type { SchemaField } from "../schema-fields";

interface SchemaControlProps {
  field: SchemaField;
  value: string | boolean;
  error: string | undefined;
  onChange: (value: string | boolean) => void;
}

const ROWS = { "long-text": 4, lines: 4, json: 5 };

function useHint({ kind, description }: SchemaField): string {
  const { t } = useTranslation();
  const how = kind === "lines" ? t("agents.linesHint") : kind === "json" ? t("agents.jsonHint") : "";
  return [description, how].filter(Boolean).join(" ");
}

function Checkbox({ field, value, error, onChange }: SchemaControlProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="flex min-h-9 items-center gap-2 text-sm font-medium">
        <input
          id={id}
          type="checkbox"
          name={field.name}
          checked={value === true}
          className="size-5 accent-accent"
          aria-invalid={error !== undefined}
          onChange={(event) => onChange(event.target.checked)}
        />
        {field.label}
      </label>
      {error !== undefined && <p className="text-xs text-danger">{error}</p>}
    </div>
  );
}

function Control(props: SchemaControlProps) {
  const { field, value, error, onChange } = props;
  const { t } = useTranslation();
  if (field.kind === "boolean") return <Checkbox {...props} />;
  const common = {
    label: field.isRequired ? field.label : `${field.label} (${t("agents.optional")})`,
    name: field.name,
    value: String(value),
    error,
    required: field.isRequired,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  switch (field.kind) {
    case "choice":
      return (
        <SelectField {...common}>
          <option value="">{t("agents.unset")}</option>
          {field.choices.map((choice) => (
            <option key={String(choice)}>{String(choice)}</option>
          ))}
        </SelectField>
      );
    case "long-text":
    case "lines":
    case "json":
      return <TextArea {...common} rows={ROWS[field.kind]} spellCheck={field.kind !== "json"} />;
    default:
      return (
        <TextField
          {...common}
          autoComplete="off"
          inputMode={field.kind === "text" ? "text" : "decimal"}
        />
      );
  }
}

/** The control for one field of an agent's query, with what its author says of it. */
export function SchemaControl(props: SchemaControlProps) {
  const hint = useHint(props.field);
  return (
    <div className="flex flex-col gap-1">
      <Control {...props} />
      {hint !== "" && <p className="text-xs break-words text-muted">{hint}</p>}
    </div>
  );
}
