import { Editor, type Editing, type EditorPlace } from "@/components/artifacts/editor/editor";

import { NotesForm } from "../editing/notes-form";
import { bodyOf, problemsOf, valueOf, type NotesValue } from "../editing/notes-value";

const EDITING: Editing<"synopsis", NotesValue> = { valueOf, problemsOf, bodyOf, Form: NotesForm };

export default function SynopsisEditor(place: EditorPlace) {
  return <Editor kind="synopsis" editing={EDITING} {...place} />;
}
