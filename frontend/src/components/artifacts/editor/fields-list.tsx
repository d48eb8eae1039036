import { EditableList, type EditableListProps, type Keyed } from "./editable-list";
import { Fields, type FieldOf } from "./fields";
import { replaced } from "./list";
import type { Problems } from "./problems";

export interface FieldsListProps<T extends Keyed> extends Omit<EditableListProps<T>, "render"> {
  /** Where the list stands in the form: `modules`. */
  place: string;
  problems: Problems;
  /** What an item says that nobody changes: words of the material, of a source. */
  aboutOf?: (item: T) => readonly string[];
  fieldsOf: (item: T, index: number) => readonly FieldOf<T>[];
}

/** A list whose items are filled in by declared fields. */
export function FieldsList<T extends Keyed>(props: FieldsListProps<T>) {
  const { place, problems, aboutOf, fieldsOf, items, onChange, ...rest } = props;
  return (
    <EditableList
      {...rest}
      items={items}
      onChange={onChange}
      render={(item, index) => (
        <>
          {aboutOf?.(item).map((said, number) => (
            <blockquote
              key={number}
              className="border-l-3 border-line-strong pl-3 font-serif text-sm break-words text-muted"
            >
              {said}
            </blockquote>
          ))}
          <Fields
            value={item}
            place={`${place}.${index}`}
            fields={fieldsOf(item, index)}
            problems={problems}
            onChange={(changed) => onChange(replaced(items, index, changed))}
          />
        </>
      )}
    />
  );
}

/** A list of which only the fields of its items can be changed. */
export function FixedList<T extends Keyed>(props: FieldsListProps<T>) {
  const { place, problems, fieldsOf, items, onChange } = props;
  return (
    <ol className="flex flex-col gap-3">
      {items.map((item, index) => (
        <li key={item.key}>
          <Fields
            value={item}
            place={`${place}.${index}`}
            fields={fieldsOf(item, index)}
            problems={problems}
            onChange={(changed) => onChange(replaced(items, index, changed))}
          />
        </li>
      ))}
    </ol>
  );
}
