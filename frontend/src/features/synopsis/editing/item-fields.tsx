import { useTranslation } from "react-i18next";

import { rowsOf } from "@/components/artifacts/editor/list";
import { problemAt, type Problems } from "@/components/artifacts/editor/problems";
import { SelectField, TextArea, TextField } from "@/components/ui/field";

import { ITEM_TYPES, type ItemValue } from "./notes-value";

interface ItemFieldsProps {
  item: ItemValue;
  index: number;
  problems: Problems;
  onChange: (item: ItemValue) => void;
}

const LEVELS = [1, 2, 3, 4];
/** What an item of this type has beside its text. */
function Particulars({ item, index, problems, onChange }: ItemFieldsProps) {
  const { t } = useTranslation();
  switch (item.type) {
    case "heading":
      return (
        <SelectField
          label={t("synopsis.fields.level")}
          value={item.level}
          onChange={({ target }) => onChange({ ...item, level: Number(target.value) })}
        >
          {LEVELS.map((level) => (
            <option key={level}>{level}</option>
          ))}
        </SelectField>
      );
    case "definition":
      return (
        <TextField
          label={t("synopsis.fields.term")}
          value={item.term}
          error={problemAt(problems, `items.${index}.term`)}
          onChange={({ target }) => onChange({ ...item, term: target.value })}
        />
      );
    case "code":
      return (
        <TextField
          label={t("synopsis.fields.language")}
          value={item.language}
          onChange={({ target }) => onChange({ ...item, language: target.value })}
        />
      );
    case "list":
      return (
        <label className="flex min-h-11 items-center gap-2 text-sm sm:self-end">
          <input
            type="checkbox"
            checked={item.ordered}
            onChange={({ target }) => onChange({ ...item, ordered: target.checked })}
            className="size-4 shrink-0 accent-accent"
          />
          {t("synopsis.fields.ordered")}
        </label>
      );
    case "text":
    case "note":
      return null;
  }
}

export function ItemFields(props: ItemFieldsProps) {
  const { item, index, problems, onChange } = props;
  const { t } = useTranslation();
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-2">
        <SelectField
          label={t("synopsis.fields.type")}
          value={item.type}
          onChange={({ target }) => onChange({ ...item, type: target.value as ItemValue["type"] })}
        >
          {ITEM_TYPES.map((type) => (
            <option key={type} value={type}>
              {t(`synopsis.types.${type}`)}
            </option>
          ))}
        </SelectField>
        <Particulars {...props} />
      </div>
      <TextArea
        label={t(item.type === "list" ? "synopsis.fields.points" : "synopsis.fields.text")}
        value={item.text}
        rows={rowsOf(item.text)}
        spellCheck={item.type !== "code"}
        error={problemAt(problems, `items.${index}`)}
        onChange={({ target }) => onChange({ ...item, text: target.value })}
      />
    </>
  );
}
