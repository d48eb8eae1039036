import type { SynopsisItem } from "@/lib/api/types";

interface Notes {
  title: string;
  items: SynopsisItem[];
}

/** Characters that would start or end markup are escaped, so that text stays text. */
function escape(text: string): string {
  return text.replace(/([\\`*_[\]<>])/g, "\\$1").replace(/^(\s*)([#+-]|\d+[.)])(?=\s)/gm, "$1\\$2");
}

/** A fence longer than any run of backticks inside. */
function fenceFor(code: string): string {
  const runs = code.match(/`+/g) ?? [];
  return "`".repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
}

function quoted(text: string): string {
  return text.replace(/^/gm, "> ");
}

function blockOf(item: SynopsisItem): string {
  switch (item.type) {
    case "heading":
      // Level 1 is the highest below the title.
      return `${"#".repeat(Math.min(item.level + 1, 6))} ${escape(item.text)}`;
    case "text":
      return escape(item.text);
    case "definition":
      return `**${escape(item.term)}** — ${escape(item.text)}`;
    case "list":
      return item.items
        .map((point, index) => `${item.ordered ? `${index + 1}.` : "-"} ${escape(point)}`)
        .join("\n");
    case "code": {
      const fence = fenceFor(item.text);
      return `${fence}${item.language}\n${item.text}\n${fence}`;
    }
    case "note":
      return quoted(escape(item.text));
  }
}

/**
 * The notes as Markdown.
 * @param ungroundedLabel stands before what the material doesn't say
 */
export function toMarkdown(notes: Notes, ungroundedLabel: string): string {
  const blocks = notes.items.map((item) =>
    item.grounded ? blockOf(item) : `*(${ungroundedLabel})*\n\n${blockOf(item)}`,
  );
  return [`# ${escape(notes.title)}`, ...blocks].join("\n\n") + "\n";
}
