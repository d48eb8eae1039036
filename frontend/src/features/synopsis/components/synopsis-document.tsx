import { Colophon } from "@/components/artifacts/colophon";
import type { Span, Synopsis, SynopsisVersion } from "@/lib/api/types";
import { madeAtOf } from "@/lib/artifacts/made-at";

import { contentsOf } from "../contents";

import { ContentsList } from "./contents-list";
import { ItemRow } from "./item-row";

interface SynopsisDocumentProps {
  sessionId: string;
  notes: Synopsis | SynopsisVersion;
  hrefOf: (span: Span) => string;
}

/** The notes, to be read. */
export default function SynopsisDocument({ sessionId, notes, hrefOf }: SynopsisDocumentProps) {
  const entries = contentsOf(notes.items);
  return (
    <div className="mx-auto w-fit max-w-full px-4 pt-6 pb-16 sm:px-6 xl:flex xl:gap-8">
      <ContentsList entries={entries} />
      <article lang={notes.language} className="min-w-0 font-serif text-lg leading-relaxed">
        <div className="grid grid-cols-[minmax(0,1fr)_2.25rem] lg:grid-cols-[minmax(0,42rem)_15rem]">
          <header className="pr-3 sm:pr-6">
            <h2 className="text-xl font-semibold sm:text-2xl text-pretty break-words">{notes.title}</h2>
            <Colophon
              sessionId={sessionId}
              cited={notes.items.map(({ sources }) => sources)}
              madeAt={madeAtOf(notes)}
              provenance={notes.provenance}
              grounding={notes.grounding}
            />
          </header>
          <div className="border-l border-margin" />
        </div>
        {notes.items.map((item, index) => (
          <ItemRow key={index} sessionId={sessionId} item={item} index={index} hrefOf={hrefOf} />
        ))}
      </article>
    </div>
  );
}
