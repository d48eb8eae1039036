import { Editor, type Editing, type EditorPlace } from "@/components/artifacts/editor/editor";

import { bodyOf, problemsOf, valueOf, type PlanValue } from "../editing/plan-value";
import { usePlanForm } from "../editing/use-plan-form";

const EDITING: Editing<"plan", PlanValue> = { valueOf, problemsOf, bodyOf, useForm: usePlanForm };

export default function PlanEditor(place: EditorPlace) {
  return <Editor kind="plan" editing={EDITING} {...place} />;
}
