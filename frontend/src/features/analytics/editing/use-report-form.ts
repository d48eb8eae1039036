import { useTranslation } from "react-i18next";

import type { FormOf } from "@/components/artifacts/editor/form-frame";

import { newGap, newQuestion, type ReportValue } from "./report-value";

/** The report's title, its topics' and its findings; figures are counted and can't be changed. */
export function useReportForm(): FormOf<ReportValue> {
  const { t } = useTranslation();
  return {
    fields: [
      { as: "line", name: "title", label: t("analytics.fields.title"), maxLength: 300, wide: true },
    ],
    lists: {
      topics: {
        title: t("analytics.topics"),
        isFixed: true,
        nameOf: (_, index) => t("analytics.fields.topic", { number: index + 1 }),
        fieldsOf: (_, index) => [
          { as: "line", name: "title", label: t("analytics.fields.topic", { number: index + 1 }), maxLength: 300, wide: true },
        ],
      },
      gaps: {
        title: t("analytics.gaps"),
        nameOf: ({ subject }, index) => t("analytics.fields.gap", { number: index + 1, subject }),
        adding: { label: t("analytics.fields.addGap"), make: newGap },
        fieldsOf: () => [
          { as: "text", name: "text", label: t("analytics.fields.gapText"), rows: 2, wide: true },
          { as: "line", name: "subject", label: t("analytics.fields.subject"), maxLength: 200, wide: true },
        ],
      },
      contradictions: {
        title: t("analytics.contradictions"),
        nameOf: (_, index) => t("analytics.fields.contradiction", { number: index + 1 }),
        aboutOf: ({ before }) => before.statements.map(({ text }) => text),
        fieldsOf: () => [
          { as: "text", name: "text", label: t("analytics.fields.contradictionText"), rows: 2, wide: true },
        ],
      },
      earlyTerms: {
        title: t("analytics.earlyTerms"),
        nameOf: ({ term }, index) => t("analytics.fields.term", { number: index + 1, term }),
        aboutOf: ({ before }) => [before.used.text, before.defined.text],
        fieldsOf: () => [
          { as: "line", name: "term", label: t("analytics.fields.termText"), maxLength: 200, wide: true },
        ],
      },
      questions: {
        title: t("analytics.questions"),
        nameOf: ({ question }, index) =>
          t("analytics.fields.question", { number: index + 1, question }),
        adding: { label: t("analytics.fields.addQuestion"), make: newQuestion },
        fieldsOf: () => [
          { as: "text", name: "question", label: t("analytics.fields.questionText"), wide: true },
          { as: "text", name: "answer", label: t("analytics.fields.answer"), rows: 2, wide: true },
        ],
      },
    },
  };
}
