import { useMemo, useState, type SubmitEvent } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { ApiError } from "@/lib/api/problem";
import type { AgentInfo } from "@/lib/api/types";
import { describeError } from "@/lib/i18n/dynamic";

import { initialValues, queryFrom, type Wrong } from "../query-values";
import { fieldsOf, type SchemaField } from "../schema-fields";

import { SchemaControl } from "./schema-control";

interface AgentFormProps {
  agent: AgentInfo;
  isPending: boolean;
  error: unknown;
  onRun: (query: Record<string, unknown>) => void;
}

/** What the server says of this field; its path is `query.name`, and further down if it's nested. */
function refusalOf(error: unknown, name: string): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const path = `query.${name}`;
  return error.fields.find(({ field }) => field === path || field.startsWith(`${path}.`))?.message;
}

function useWords() {
  const { t } = useTranslation();
  return ({ key, limit = "" }: Wrong) =>
    key === "required" ? t("common.required") : t(`agents.wrong.${key}`, { limit });
}

/** What is wrong with the query as a whole. */
function GeneralProblem({ error, fields }: { error: unknown; fields: SchemaField[] }) {
  const isAtFields = fields.some(({ name }) => refusalOf(error, name) !== undefined);
  if (!error || isAtFields) return null;
  const { title, hint } = describeError(error);
  return (
    <p role="alert" className="text-sm text-danger">
      {title}. {hint}
    </p>
  );
}

/** The form that an agent's input schema makes. */
export default function AgentForm({ agent, isPending, error, onRun }: AgentFormProps) {
  const { t } = useTranslation();
  const inWords = useWords();
  const fields = useMemo(() => fieldsOf(agent.inputSchema), [agent.inputSchema]);
  const [values, setValues] = useState(() => initialValues(fields));
  const [wrong, setWrong] = useState<Record<string, Wrong>>({});
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const found = queryFrom(fields, values);
    setWrong(found.wrong);
    const first = fields.find(({ name }) => name in found.wrong);
    if (first) {
      const control = event.currentTarget.elements.namedItem(first.name);
      if (control instanceof HTMLElement) control.focus();
    } else if (!isPending) onRun(found.query);
  };
  const problemOf = (name: string) => {
    const mistake = wrong[name];
    return mistake ? inWords(mistake) : refusalOf(error, name);
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4 p-4 sm:p-6">
      {agent.summary !== "" && <p className="text-sm break-words text-muted">{agent.summary}</p>}
      {fields.length === 0 && <p className="text-sm">{t("agents.noFields")}</p>}
      {fields.map((field) => (
        <SchemaControl
          key={field.name}
          field={field}
          value={values[field.name] ?? ""}
          error={problemOf(field.name)}
          onChange={(value) => setValues({ ...values, [field.name]: value })}
        />
      ))}
      <GeneralProblem error={error} fields={fields} />
      <Button type="submit" variant="primary" className="self-start" disabled={isPending}>
        {t("agents.run")}
      </Button>
    </form>
  );
}
