import { useTranslation } from "react-i18next";

import type { FieldOf } from "@/components/artifacts/editor/fields";
import type { FormOf } from "@/components/artifacts/editor/form-frame";

import { newSource, type SourcesValue, type SourceValue } from "./sources-value";

const KINDS = ["article", "preprint", "book", "encyclopedia", "other"] as const;

/** The title of the list and its sources, each with what it is good for. */
export function useSourcesForm({ gaps }: SourcesValue): FormOf<SourcesValue> {
  const { t } = useTranslation();
  const topics = gaps.map(({ id, topic }) => ({ key: id, label: topic }));
  const kinds = KINDS.map((kind) => [kind, t(`sources.kind.${kind}`)] as const);
  /** A passage of the person's own library has its place there. */
  const ofTheWeb: FieldOf<SourceValue>[] = [
    { as: "line", name: "address", label: t("sources.fields.address"), maxLength: 2_000 },
    { as: "choice", name: "kind", label: t("sources.fields.kind"), options: kinds },
  ];
  return {
    fields: [
      { as: "line", name: "title", label: t("sources.fields.title"), maxLength: 300, wide: true },
    ],
    lists: {
      sources: {
        nameOf: ({ title }, index) => t("sources.fields.source", { number: index + 1, title }),
        adding: { label: t("sources.fields.add"), make: newSource },
        aboutOf: ({ before }) => (before?.excerpt ? [before.excerpt] : []),
        fieldsOf: ({ kind }) => [
          { as: "line", name: "title", label: t("sources.fields.sourceTitle"), maxLength: 500, wide: true },
          ...(kind === "library" ? [] : ofTheWeb),
          { as: "text", name: "why", label: t("sources.fields.why"), rows: 2, wide: true },
          { as: "ticks", name: "closes", label: t("sources.fields.closes"), options: topics, wide: true },
        ],
      },
    },
  };
}
