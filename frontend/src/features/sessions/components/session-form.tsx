import { ChevronRight } from "lucide-react";
import { useState, type SubmitEvent } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { SelectField, TextField } from "@/components/ui/field";
import { describeError } from "@/lib/i18n/dynamic";

import type { SessionDraft } from "../api/use-session-changes";

/** As many as the API takes. */
const REMARK_CHARS = 4_000;

const BLANK: SessionDraft = { title: "", goal: "", focus: "", tone: "", language: "" };

interface SessionFormProps {
  initial?: SessionDraft;
  submitLabel: string;
  isPending: boolean;
  error: unknown;
  onSubmit: (draft: SessionDraft) => void;
}

/** The title, and behind a fold what shapes the notes. */
export function SessionForm(props: SessionFormProps) {
  const { initial = BLANK, submitLabel, isPending, error, onSubmit } = props;
  const { t } = useTranslation();
  const [draft, setDraft] = useState(initial);
  const [isTitleMissing, setTitleMissing] = useState(false);
  const bind = (field: keyof SessionDraft) => ({
    name: field,
    value: draft[field],
    onChange: (event: { target: { value: string } }) =>
      setDraft({ ...draft, [field]: event.target.value }),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const title = draft.title.trim();
    setTitleMissing(title === "");
    if (title !== "" && !isPending) onSubmit({ ...draft, title });
  };
  const problem = error ? describeError(error) : undefined;
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <TextField
        label={t("sessions.fields.title")}
        placeholder={t("sessions.fields.titlePlaceholder")}
        error={isTitleMissing ? t("common.required") : undefined}
        maxLength={200}
        autoComplete="off"
        {...bind("title")}
      />
      <details className="group" open={initial !== BLANK}>
        <summary className="flex w-fit list-none items-center gap-1 rounded text-sm text-muted hover:text-ink [&::-webkit-details-marker]:hidden">
          <ChevronRight
            aria-hidden
            size={16}
            className="transition-transform group-open:rotate-90"
          />
          {t("sessions.more")}
        </summary>
        <div className="mt-4 grid gap-4 sm:grid-cols-2">
          <TextField
            label={t("sessions.fields.goal")}
            placeholder={t("sessions.fields.goalPlaceholder")}
            maxLength={REMARK_CHARS}
            {...bind("goal")}
          />
          <TextField
            label={t("sessions.fields.focus")}
            placeholder={t("sessions.fields.focusPlaceholder")}
            maxLength={REMARK_CHARS}
            {...bind("focus")}
          />
          <TextField
            label={t("sessions.fields.tone")}
            placeholder={t("sessions.fields.tonePlaceholder")}
            maxLength={REMARK_CHARS}
            {...bind("tone")}
          />
          <SelectField label={t("sessions.fields.language")} {...bind("language")}>
            <option value="">{t("sessions.fields.languages.auto")}</option>
            <option value="ru">{t("sessions.fields.languages.ru")}</option>
            <option value="en">{t("sessions.fields.languages.en")}</option>
          </SelectField>
        </div>
      </details>
      {problem && (
        <p role="alert" className="text-sm text-danger">
          {problem.title}. {problem.hint}
        </p>
      )}
      <Button type="submit" variant="primary" className="self-start" disabled={isPending}>
        {submitLabel}
      </Button>
    </form>
  );
}
