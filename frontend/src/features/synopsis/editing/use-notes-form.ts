import { useTranslation } from "react-i18next";

import type { FieldOf } from "@/components/artifacts/editor/fields";
import type { FormOf } from "@/components/artifacts/editor/form-frame";

import { ITEM_TYPES, newItem, type ItemValue, type NotesValue } from "./notes-value";

const LEVELS = [1, 2, 3, 4].map((level) => [level, String(level)] as const);

/** The title of the notes and their items. */
export function useNotesForm(): FormOf<NotesValue> {
  const { t } = useTranslation();
  const types = ITEM_TYPES.map((type) => [type, t(`synopsis.types.${type}`)] as const);
  /** What an item of each type has beside its text. */
  const particulars: Partial<Record<ItemValue["type"], FieldOf<ItemValue>>> = {
    heading: { as: "choice", name: "level", label: t("synopsis.fields.level"), options: LEVELS },
    definition: { as: "line", name: "term", label: t("synopsis.fields.term") },
    code: { as: "line", name: "language", label: t("synopsis.fields.language") },
    list: { as: "tick", name: "ordered", label: t("synopsis.fields.ordered") },
  };
  const fieldsOf = ({ type }: ItemValue): FieldOf<ItemValue>[] => {
    const own = particulars[type];
    const label = t(type === "list" ? "synopsis.fields.points" : "synopsis.fields.text");
    return [
      { as: "choice", name: "type", label: t("synopsis.fields.type"), options: types },
      ...(own === undefined ? [] : [own]),
      { as: "text", name: "text", at: "", label, spellCheck: type !== "code", wide: true },
    ];
  };
  return {
    fields: [
      { as: "line", name: "title", label: t("synopsis.fields.title"), maxLength: 300, wide: true },
    ],
    lists: {
      items: {
        nameOf: ({ type }, index) => `${index + 1}. ${t(`synopsis.types.${type}`)}`,
        adding: { label: t("synopsis.fields.add"), make: newItem },
        fieldsOf,
      },
    },
  };
}
