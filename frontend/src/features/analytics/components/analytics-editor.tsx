import { Editor, type Editing, type EditorPlace } from "@/components/artifacts/editor/editor";

import { bodyOf, problemsOf, valueOf, type ReportValue } from "../editing/report-value";
import { useReportForm } from "../editing/use-report-form";

const EDITING: Editing<"analytics", ReportValue> = { valueOf, problemsOf, bodyOf, useForm: useReportForm };

export default function AnalyticsEditor(place: EditorPlace) {
  return <Editor kind="analytics" editing={EDITING} {...place} />;
}
