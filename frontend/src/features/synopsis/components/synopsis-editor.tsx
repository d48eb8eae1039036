import { Editor, type Editing, type EditorPlace } from "@/components/artifacts/editor/editor";

import { bodyOf, problemsOf, valueOf, type NotesValue } from "../editing/notes-value";
import { useNotesForm } from "../editing/use-notes-form";

const EDITING: Editing<"synopsis", NotesValue> = { valueOf, problemsOf, bodyOf, useForm: useNotesForm };

export default function SynopsisEditor(place: EditorPlace) {
  return <Editor kind="synopsis" editing={EDITING} {...place} />;
}
