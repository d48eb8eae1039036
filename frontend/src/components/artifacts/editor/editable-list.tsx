import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";

import { inserted, moved, removed } from "./list";

export interface Keyed {
  key: string;
}

export interface EditableListProps<T extends Keyed> {
  items: readonly T[];
  /** An item as people call it: "Module 2: Queues". */
  nameOf: (item: T, index: number) => string;
  /** Left out where items can only be changed and removed. */
  adding?: {
    label: string;
    /** A new, empty item. */
    make: (items: readonly T[]) => T;
  };
  onChange: (items: T[]) => void;
  render: (item: T, index: number) => ReactNode;
}

const FIELDS = "input, textarea, select";

/** What the keyboard goes on from after a change of the list. */
interface Next {
  key: string;
  /** The button with this `data-do`; without one the item's first field. */
  button?: string;
}

interface ItemBarProps {
  name: string;
  isFirst: boolean;
  isLast: boolean;
  onMove: (by: -1 | 1) => void;
  onAdd: (() => void) | undefined;
  onRemove: () => void;
}

function ItemBar({ name, isFirst, isLast, onMove, onAdd, onRemove }: ItemBarProps) {
  const { t } = useTranslation();
  const buttons = [
    ["up", ArrowUp, t("editing.up", { name }), isFirst, () => onMove(-1)],
    ["down", ArrowDown, t("editing.down", { name }), isLast, () => onMove(1)],
    ["add", Plus, t("editing.addBelow", { name }), false, onAdd],
    ["remove", Trash2, t("editing.remove", { name }), false, onRemove],
  ] as const;
  return (
    <div className="flex items-center gap-1">
      <p aria-hidden className="mr-auto min-w-0 truncate text-sm font-medium text-muted">
        {name}
      </p>
      {buttons.map(
        ([what, icon, label, isOff, onClick]) =>
          onClick && (
            <IconButton
              key={what}
              icon={icon}
              label={label}
              data-do={what}
              disabled={isOff}
              onClick={onClick}
            />
          ),
      )}
    </div>
  );
}

/** Items in an order: a person adds, moves and removes them; the keyboard stays where it was. */
export function EditableList<T extends Keyed>(props: EditableListProps<T>) {
  const { items, nameOf, adding, onChange, render } = props;
  const { t } = useTranslation();
  const list = useRef<HTMLOListElement>(null);
  const next = useRef<Next | null>(null);
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (next.current === null) return;
    const { key, button } = next.current;
    next.current = null;
    const item = [...(list.current?.children ?? [])].find(
      (each) => each instanceof HTMLElement && each.dataset["key"] === key,
    );
    const wanted = button === undefined ? FIELDS : `[data-do="${button}"]:not(:disabled)`;
    const found = item?.querySelector<HTMLElement>(wanted) ?? item?.querySelector<HTMLElement>(FIELDS);
    found?.focus();
  });

  const add = (index: number) => {
    if (adding === undefined) return;
    const item = adding.make(items);
    next.current = { key: item.key };
    onChange(inserted(items, index, item));
  };
  const move = (item: T, index: number, by: -1 | 1) => {
    next.current = { key: item.key, button: by < 0 ? "up" : "down" };
    setSaid(
      t("editing.moved", { name: nameOf(item, index), place: index + by + 1, count: items.length }),
    );
    onChange(moved(items, index, by));
  };
  const remove = (item: T, index: number) => {
    const neighbour = items[index + 1] ?? items[index - 1];
    next.current = neighbour ? { key: neighbour.key, button: "remove" } : null;
    setSaid(t("editing.removed", { name: nameOf(item, index) }));
    onChange(removed(items, index));
  };
  return (
    <>
      <ol ref={list} className="flex flex-col gap-4 empty:hidden">
        {items.map((item, index) => {
          const name = nameOf(item, index);
          return (
            <li key={item.key} data-key={item.key}>
              <div
                role="group"
                aria-label={name}
                className="flex flex-col gap-3 rounded-2xl border border-line bg-surface p-4"
              >
                <ItemBar
                  name={name}
                  isFirst={index === 0}
                  isLast={index === items.length - 1}
                  onMove={(by) => move(item, index, by)}
                  onAdd={adding && (() => add(index + 1))}
                  onRemove={() => remove(item, index)}
                />
                {render(item, index)}
              </div>
            </li>
          );
        })}
      </ol>
      {adding && (
        <Button className="self-start" onClick={() => add(items.length)}>
          <Plus aria-hidden size={16} />
          {adding.label}
        </Button>
      )}
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
    </>
  );
}
