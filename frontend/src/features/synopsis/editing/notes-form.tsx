import { useTranslation } from "react-i18next";

import { EditableList } from "@/components/artifacts/editor/editable-list";
import type { FormProps } from "@/components/artifacts/editor/editor";
import { replaced } from "@/components/artifacts/editor/list";
import { problemAt } from "@/components/artifacts/editor/problems";
import { TextField } from "@/components/ui/field";

import { ItemFields } from "./item-fields";
import { newItem, type NotesValue } from "./notes-value";

const TITLE_CHARS = 300;

/** The title of the notes and their items. */
export function NotesForm({ value, onChange, problems }: FormProps<NotesValue>) {
  const { t } = useTranslation();
  return (
    <>
      <TextField
        label={t("synopsis.fields.title")}
        value={value.title}
        maxLength={TITLE_CHARS}
        error={problemAt(problems, "title")}
        onChange={({ target }) => onChange((notes) => ({ ...notes, title: target.value }))}
      />
      <EditableList
        items={value.items}
        nameOf={({ type }, index) => `${index + 1}. ${t(`synopsis.types.${type}`)}`}
        addLabel={t("synopsis.fields.add")}
        make={newItem}
        onChange={(items) => onChange((notes) => ({ ...notes, items }))}
        render={(item, index) => (
          <ItemFields
            item={item}
            index={index}
            problems={problems}
            onChange={(changed) =>
              onChange((notes) => ({ ...notes, items: replaced(notes.items, index, changed) }))
            }
          />
        )}
      />
    </>
  );
}
