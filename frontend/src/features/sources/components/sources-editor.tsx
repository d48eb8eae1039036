import { Editor, type Editing, type EditorPlace } from "@/components/artifacts/editor/editor";

import { bodyOf, problemsOf, valueOf, type SourcesValue } from "../editing/sources-value";
import { useSourcesForm } from "../editing/use-sources-form";

const EDITING: Editing<"sources", SourcesValue> = { valueOf, problemsOf, bodyOf, useForm: useSourcesForm };

export default function SourcesEditor(place: EditorPlace) {
  return <Editor kind="sources" editing={EDITING} {...place} />;
}
