import { Fragment } from "react";

import type { Keyed } from "./editable-list";
import { Fields, type FieldOf } from "./fields";
import { FieldsList, FixedList, type FieldsListProps } from "./fields-list";
import type { Problems } from "./problems";

/** One list of a form: what its items are called, hold, and whether new ones can be added. */
interface ListDeclaration<T extends Keyed>
  extends Pick<FieldsListProps<T>, "nameOf" | "adding" | "aboutOf" | "fieldsOf"> {
  /** Above it, where a form has more than one. */
  title?: string;
  /** Its items are filled in, and none is added, moved or removed. */
  isFixed?: boolean;
  /** What a change of the list makes of the items that stay. */
  tidied?: (items: T[]) => T[];
}

/** The lists that a kind's form may have, by the member of its value. */
type ListsOf<V> = {
  [K in keyof V as V[K] extends readonly Keyed[] ? K : never]?: V[K] extends readonly (infer T)[]
    ? T extends Keyed
      ? ListDeclaration<T>
      : never
    : never;
};

/** The form of a kind, declared: fields of the whole, what is to be said of it, and its lists. */
export interface FormOf<V> {
  fields: readonly FieldOf<V>[];
  note?: string;
  lists: ListsOf<V>;
}

interface FormFrameProps<V> {
  form: FormOf<V>;
  value: V;
  problems: Problems;
  onChange: (change: (value: V) => V) => void;
}

const unchanged = (items: Keyed[]) => items;

/** Draws any declared form. */
export function FormFrame<V>({ form, value, problems, onChange }: FormFrameProps<V>) {
  // Which item a list has depends on its name, which no type can follow through a loop.
  const lists = Object.entries(form.lists) as [keyof V & string, ListDeclaration<Keyed>][];
  return (
    <>
      <Fields
        value={value}
        place=""
        problems={problems}
        fields={form.fields}
        onChange={(changed) => onChange(() => changed)}
      />
      {form.note !== undefined && (
        <p aria-live="polite" className="text-sm text-muted tabular-nums">
          {form.note}
        </p>
      )}
      {lists.map(([name, { title, isFixed = false, tidied = unchanged, ...list }]) => {
        const items = value[name] as Keyed[];
        if (items.length === 0 && list.adding === undefined) return null;
        const List = isFixed ? FixedList : FieldsList;
        return (
          <Fragment key={name}>
            {title !== undefined && <h3 className="mt-3 text-base font-semibold">{title}</h3>}
            <List
              {...list}
              place={name}
              items={items}
              problems={problems}
              onChange={(changed) => onChange((whole) => ({ ...whole, [name]: tidied(changed) }))}
            />
          </Fragment>
        );
      })}
    </>
  );
}
