import { SelectField, TextArea, TextField } from "@/components/ui/field";

import { rowsOf } from "./list";
import { problemAt, type Problems } from "./problems";
import { Tick, TickList, type TickOption } from "./ticks";

type NamesOf<V, T> = { [K in keyof V]: V[K] extends T ? K : never }[keyof V] & string;

/** A field as a kind declares it: what it holds, what it is called, and how it is filled in. */
export type FieldOf<V> = {
  label: string;
  /** The place of its problems, where that isn't its name; "" stands for all of `V`. */
  at?: string;
  /** Across both columns. */
  wide?: boolean;
} & (
  | { as: "line"; name: NamesOf<V, string>; maxLength?: number; inputMode?: "numeric" }
  | { as: "text"; name: NamesOf<V, string>; maxLength?: number; rows?: number; spellCheck?: boolean }
  | { as: "choice"; name: NamesOf<V, string | number>; options: readonly Choice[] }
  | { as: "tick"; name: NamesOf<V, boolean> }
  | { as: "ticks"; name: NamesOf<V, string[]>; options: readonly TickOption[] }
);

export type Choice = readonly [value: string | number, label: string];

export interface FieldsProps<V> {
  value: V;
  /** Where `value` stands in the form: `modules.2`, or "" for all of it. */
  place: string;
  fields: readonly FieldOf<V>[];
  problems: Problems;
  onChange: (value: V) => void;
}

interface ControlProps<V> {
  field: FieldOf<V>;
  value: V;
  error: string | undefined;
  set: (value: unknown) => void;
}

interface TextEvent {
  target: { value: string };
}

function Control<V>({ field, value, error, set }: ControlProps<V>) {
  const held: unknown = value[field.name];
  const text = typeof held === "string" || typeof held === "number" ? String(held) : "";
  const wiring = { label: field.label, error, value: text };
  const onChange = ({ target }: TextEvent) => set(target.value);
  switch (field.as) {
    case "line":
      return (
        <TextField
          {...wiring}
          onChange={onChange}
          maxLength={field.maxLength}
          inputMode={field.inputMode}
        />
      );
    case "text":
      return (
        <TextArea
          {...wiring}
          onChange={onChange}
          maxLength={field.maxLength}
          rows={rowsOf(text, field.rows)}
          spellCheck={field.spellCheck}
        />
      );
    case "choice":
      return (
        <SelectField
          {...wiring}
          onChange={({ target }) =>
            set(field.options.find(([option]) => String(option) === target.value)?.[0])
          }
        >
          {field.options.map(([option, label]) => (
            <option key={option} value={option}>
              {label}
            </option>
          ))}
        </SelectField>
      );
    case "tick":
      return <Tick label={field.label} isChosen={held === true} onChange={set} />;
    case "ticks":
      return (
        <TickList
          label={field.label}
          options={field.options}
          chosen={Array.isArray(held) ? held.map(String) : []}
          error={error}
          onChange={set}
        />
      );
  }
}

/** The declared fields of a value, two to a row where there is room. */
export function Fields<V>({ value, place, fields, problems, onChange }: FieldsProps<V>) {
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      {fields.map((field) => {
        const at = [place, field.at ?? field.name].filter((part) => part !== "").join(".");
        return (
          <div key={field.name} className={field.wide ? "sm:col-span-2" : "flex flex-col"}>
            <Control
              field={field}
              value={value}
              error={problemAt(problems, at)}
              set={(held) => onChange({ ...value, [field.name]: held })}
            />
          </div>
        );
      })}
    </div>
  );
}
