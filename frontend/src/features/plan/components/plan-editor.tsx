import { Editor, type Editing, type EditorPlace } from "@/components/artifacts/editor/editor";

import { PlanForm } from "../editing/plan-form";
import { bodyOf, problemsOf, valueOf, type PlanValue } from "../editing/plan-value";

const EDITING: Editing<"plan", PlanValue> = { valueOf, problemsOf, bodyOf, Form: PlanForm };

export default function PlanEditor(place: EditorPlace) {
  return <Editor kind="plan" editing={EDITING} {...place} />;
}
