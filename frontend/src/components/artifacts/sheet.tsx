import type { ReactNode } from "react";

import type { GroundingReport, Provenance, Span } from "@/lib/api/types";
import { madeAtOf } from "@/lib/artifacts/made-at";

import { Colophon } from "./colophon";

interface SheetProps {
  sessionId: string;
  made: {
    title: string;
    language: string;
    provenance: Provenance;
    grounding: GroundingReport;
  } & ({ updatedAt: string } | { createdAt: string });
  /** The sources of each thing said. */
  cited: Span[][];
  /** Left out where it isn't the material that things rest on. */
  isGrounded?: boolean;
  children: ReactNode;
}

/** A version of an artifact as a page: its title, how it was made, and then what it says. */
export function Sheet({ sessionId, made, cited, isGrounded = true, children }: SheetProps) {
  return (
    <article
      lang={made.language}
      className="mx-auto flex max-w-3xl flex-col gap-8 px-4 pt-6 pb-16 sm:px-6"
    >
      <header>
        <h2 className="font-serif text-xl font-semibold text-pretty break-words sm:text-2xl">
          {made.title}
        </h2>
        <Colophon
          sessionId={sessionId}
          cited={cited}
          madeAt={madeAtOf(made)}
          provenance={made.provenance}
          {...(isGrounded ? { grounding: made.grounding } : {})}
        />
      </header>
      {children}
    </article>
  );
}

/** A part of such a page under a heading. */
export function SheetSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-3">
      <h3 className="font-serif text-lg font-semibold">{title}</h3>
      {children}
    </section>
  );
}
