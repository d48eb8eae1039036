import clsx from "clsx";
import { useTranslation } from "react-i18next";

import type { SynopsisItem } from "@/lib/api/types";

type Of<Type extends SynopsisItem["type"]> = Extract<SynopsisItem, { type: Type }>;

function Heading({ item }: { item: Of<"heading"> }) {
  // The notes' title is the second level; the dialog's is above it.
  if (item.level <= 1) return <h3 className="pt-8 text-xl font-semibold">{item.text}</h3>;
  if (item.level === 2) return <h4 className="pt-7 text-lg font-semibold">{item.text}</h4>;
  return <h5 className="pt-5 font-semibold">{item.text}</h5>;
}

function Definition({ item }: { item: Of<"definition"> }) {
  return (
    <dl className="border-l-3 border-accent pl-4">
      <dt className="font-semibold text-accent">{item.term}</dt>
      <dd>{item.text}</dd>
    </dl>
  );
}

function Points({ item }: { item: Of<"list"> }) {
  const Tag = item.ordered ? "ol" : "ul";
  return (
    <Tag
      className={clsx(
        "flex flex-col gap-1.5 pl-5 marker:text-muted",
        item.ordered ? "list-decimal" : "list-disc",
      )}
    >
      {item.items.map((point, index) => (
        <li key={index} className="pl-1">
          {point}
        </li>
      ))}
    </Tag>
  );
}

function Code({ item }: { item: Of<"code"> }) {
  const { t } = useTranslation();
  return (
    <figure className="overflow-hidden rounded-lg bg-sunken">
      {item.language !== "" && (
        <figcaption className="px-4 pt-2 font-sans text-xs text-muted">{item.language}</figcaption>
      )}
      {/* Wide code scrolls, and the arrow keys must reach it. */}
      <pre
        tabIndex={0}
        role="region"
        aria-label={t("synopsis.code")}
        className="overflow-x-auto px-4 py-3 font-mono text-sm leading-normal"
      >
        <code>{item.text}</code>
      </pre>
    </figure>
  );
}

function Note({ item }: { item: Of<"note"> }) {
  const { t } = useTranslation();
  return (
    <div role="note" className="rounded-lg bg-accent-soft px-4 py-3 text-base">
      <span className="mr-2 font-sans text-xs font-semibold text-accent">{t("synopsis.note")}</span>
      {item.text}
    </div>
  );
}

/** An item's own content, by its type; always text, never markup. */
export function ItemBody({ item }: { item: SynopsisItem }) {
  switch (item.type) {
    case "heading":
      return <Heading item={item} />;
    case "text":
      return <p className="whitespace-pre-line">{item.text}</p>;
    case "definition":
      return <Definition item={item} />;
    case "list":
      return <Points item={item} />;
    case "code":
      return <Code item={item} />;
    case "note":
      return <Note item={item} />;
  }
}
