import clsx from "clsx";
import { useTranslation } from "react-i18next";

import { itemId, type ContentsEntry } from "../contents";

const indents = ["", "pl-3", "pl-6", "pl-9"];

function Entries({ entries }: { entries: ContentsEntry[] }) {
  const go = (index: number) => {
    const heading = document.getElementById(itemId(index));
    heading?.scrollIntoView({ behavior: "smooth", block: "start" });
  };
  return (
    <ol className="flex flex-col gap-0.5">
      {entries.map(({ index, text, depth }) => (
        <li key={index} className={indents[Math.min(depth, 3)]}>
          <button
            type="button"
            onClick={() => go(index)}
            className={clsx(
              "w-full rounded px-2 py-1 text-left text-xs hover:bg-sunken hover:text-ink",
              depth === 0 ? "text-ink" : "text-muted",
            )}
          >
            {text}
          </button>
        </li>
      ))}
    </ol>
  );
}

/** The table of contents: beside the notes where there is room, folded above them where not. */
export function ContentsList({ entries }: { entries: ContentsEntry[] }) {
  const { t } = useTranslation();
  if (entries.length === 0) return null;
  return (
    <>
      <details className="mb-4 rounded-lg bg-sunken px-2 py-1 xl:hidden">
        <summary className="px-2 py-1.5 text-sm font-medium">{t("synopsis.contents")}</summary>
        <Entries entries={entries} />
      </details>
      <nav
        aria-label={t("synopsis.contents")}
        className="sticky top-6 hidden max-h-[80vh] w-52 shrink-0 self-start overflow-y-auto xl:block"
      >
        <p className="px-2 pb-2 text-xs font-semibold text-muted">{t("synopsis.contents")}</p>
        <Entries entries={entries} />
      </nav>
    </>
  );
}
