import { useEffect, useRef, useState, type SubmitEvent } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";

import { ApiError } from "@/lib/api/problem";
import type { Artifacts } from "@/lib/api/types";
import { isUnsaved, useDraft, type Draft } from "@/lib/artifacts/drafts";
import type { Kind } from "@/lib/artifacts/kinds";
import { useSaveEdit } from "@/lib/artifacts/use-save-edit";

import { EditorBar } from "./editor-bar";
import { FormFrame, type FormOf } from "./form-frame";
import type { ProblemCode } from "./problems";

/** How one kind is edited: what its form holds, how it is laid out, what is wrong, what is sent. */
export interface Editing<K extends Kind, D> {
  valueOf: (made: Artifacts[K]) => D;
  problemsOf: (value: D) => Record<string, ProblemCode>;
  bodyOf: (value: D) => object;
  useForm: (value: D) => FormOf<D>;
}

export interface EditorPlace {
  sessionId: string;
  /** The version that holds now: another one than the draft's is a conflict. */
  current: number;
  /** Also with unsaved changes: whoever is told asks first. */
  onCancel: () => void;
}

interface EditorProps<K extends Kind, D> extends EditorPlace {
  kind: K;
  editing: Editing<K, D>;
}

interface OpenProps<K extends Kind, D> extends EditorProps<K, D> {
  draft: Draft<K>;
  keep: (draft: Draft<K> | null) => void;
}

/** What the page finds wrong, and what the API said of the fields that were sent. */
function useProblems(found: Record<string, ProblemCode>, error: unknown) {
  const { t } = useTranslation();
  const fields = error instanceof ApiError ? error.fields : [];
  const told = fields.map(({ field, message }) => [field, message] as const);
  const own = Object.entries(found).map(([at, code]) => [at, t(`editing.problem.${code}`)] as const);
  return { own: Object.fromEntries(own), told: Object.fromEntries(told) };
}

function focusIn(form: HTMLFormElement | null, wanted: string) {
  form?.querySelector<HTMLElement>(wanted)?.focus();
}

function OpenEditor<K extends Kind, D>(props: OpenProps<K, D>) {
  const { sessionId, kind, editing, current, onCancel, draft, keep } = props;
  const { t } = useTranslation();
  const save = useSaveEdit(sessionId, kind);
  const form = useRef<HTMLFormElement>(null);
  const [isTried, setTried] = useState(false);
  const [initial] = useState(() => editing.valueOf(draft.of));
  // The draft follows the form: a field whose text came back late would lose what is typed.
  const [value, setValue] = useState(() => (draft.value ?? initial) as D);
  const layout = editing.useForm(value);
  const { own, told } = useProblems(editing.problemsOf(value), save.error);
  const wrong = Object.keys(own).length;
  const mine = draft.of.version;
  useEffect(() => focusIn(form.current, "input, textarea"), []);
  useEffect(() => {
    if (isTried) focusIn(form.current, "[aria-invalid=true]");
  }, [isTried]);

  const change = (make: (value: D) => D) => {
    const changed = make(value);
    setValue(changed);
    const isSame = JSON.stringify(changed) === JSON.stringify(initial);
    keep(isSame ? { of: draft.of } : { of: draft.of, value: changed });
  };
  const tell = (version: number) => {
    keep(null);
    const description = current === mine ? undefined : t("editing.savedBeside", { version: current });
    toast.success(t("editing.saved", { version }), { description });
  };
  const send = () => {
    setTried(true);
    if (wrong === 0) save.mutate({ body: editing.bodyOf(value), upon: current }, { onSuccess: tell });
    else focusIn(form.current, "[aria-invalid=true]");
  };
  return (
    <form
      ref={form}
      noValidate
      aria-label={t("editing.edit")}
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        if (!save.isPending && current === mine && isUnsaved(draft)) send();
      }}
      className="mx-auto flex max-w-3xl flex-col gap-5 px-4 pt-6 sm:px-6"
    >
      <FormFrame
        form={layout}
        value={value}
        onChange={change}
        problems={{ ...told, ...(isTried ? own : {}) }}
      />
      <EditorBar
        sessionId={sessionId}
        kind={kind}
        mine={mine}
        current={current}
        isUnsaved={isUnsaved(draft)}
        isSaving={save.isPending}
        wrong={isTried ? wrong : 0}
        error={save.error}
        onSave={send}
        onCancel={onCancel}
        onDrop={() => keep(null)}
      />
    </form>
  );
}

/**
 * The form of a kind, saved as a new version over nothing. What isn't saved stays in the draft,
 * whatever happens to the form; a version that came meanwhile is shown, and the person decides.
 */
export function Editor<K extends Kind, D>(props: EditorProps<K, D>) {
  const [draft, keep] = useDraft(props.sessionId, props.kind);
  return draft === null ? null : <OpenEditor {...props} draft={draft} keep={keep} />;
}
