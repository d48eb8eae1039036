import { ArrowUpRight } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Sheet, SheetSection } from "@/components/artifacts/sheet";
import { Sourced } from "@/components/artifacts/sourced";
import type { Sources, SourcesVersion, Span } from "@/lib/api/types";

import { safeUrl } from "../safe-url";

interface SourcesDocumentProps {
  sessionId: string;
  found: Sources | SourcesVersion;
  hrefOf: (span: Span) => string;
}

/** Names that are the same in every language. */
const PROVIDERS: Record<string, string> = {
  openalex: "OpenAlex",
  crossref: "Crossref",
  arxiv: "arXiv",
  wikipedia: "Wikipedia",
};

type FoundSource = Sources["sources"][number];

function Title({ source }: { source: FoundSource }) {
  const { t } = useTranslation();
  const address = safeUrl(source.url);
  if (address === undefined) return source.title;
  return (
    <a
      href={address}
      target="_blank"
      rel="noopener noreferrer nofollow external"
      className="text-accent underline underline-offset-2 hover:text-accent-strong"
    >
      {source.title}
      <ArrowUpRight aria-hidden size={15} className="ml-0.5 inline" />
      <span className="sr-only"> {t("sources.newTab")}</span>
    </a>
  );
}

function Source({ source, topics }: { source: FoundSource; topics: Map<string, string> }) {
  const { t } = useTranslation();
  const told = [
    t(`sources.kind.${source.kind}`),
    source.authors.join(", "),
    source.year,
    source.sessionTitle,
    source.edited && t("editing.own"),
  ].filter(Boolean);
  const closed = source.closes.map((id) => topics.get(id)).filter((topic) => topic !== undefined);
  return (
    <li data-source className="flex flex-col gap-1.5 rounded-2xl border border-line bg-surface p-4">
      <h4 className="font-medium break-words">
        <Title source={source} />
      </h4>
      <p className="text-xs break-words text-muted">{told.join(" · ")}</p>
      <p className="text-sm break-words">{source.why}</p>
      {closed.length > 0 && (
        <p className="text-xs break-words text-accent">
          {t("sources.closes", { gaps: closed.join("; ") })}
        </p>
      )}
      {source.excerpt !== "" && (
        <blockquote className="mt-1 border-l-3 border-line-strong pl-3 font-serif text-sm break-words">
          {source.excerpt}
        </blockquote>
      )}
    </li>
  );
}

function Searched({ searched }: { searched: Sources["searched"] }) {
  const { t } = useTranslation();
  const told = searched.map(({ provider, status, problem }) => {
    const name = provider === "library" ? t("sources.kind.library") : (PROVIDERS[provider] ?? provider);
    return status === "failed" ? t("sources.noAnswer", { provider: name, problem }) : name;
  });
  return (
    <p className="text-xs text-muted">{t("sources.searched", { providers: told.join(", ") })}</p>
  );
}

/** The sources found for a session, to be read: what is missing, and what closes it. */
export default function SourcesDocument({ sessionId, found, hrefOf }: SourcesDocumentProps) {
  const { t } = useTranslation();
  const topics = new Map(found.gaps.map(({ id, topic }) => [id, topic]));
  const closed = new Set(found.sources.flatMap(({ closes }) => closes));
  return (
    <Sheet
      sessionId={sessionId}
      made={found}
      cited={found.gaps.map(({ sources }) => sources)}
      isGrounded={false}
    >
      {found.gaps.length > 0 && (
        <SheetSection title={t("sources.gaps")}>
          <ul className="flex list-disc flex-col gap-1.5 pl-5 marker:text-warn">
            {found.gaps.map(({ id, topic, why, sources }) => (
              <li key={id}>
                <Sourced sessionId={sessionId} sources={sources} about={topic} hrefOf={hrefOf}>
                  <strong className="font-medium">{topic}</strong> — {why}
                  {!closed.has(id) && <span className="text-warn"> ({t("sources.nothing")})</span>}
                </Sourced>
              </li>
            ))}
          </ul>
        </SheetSection>
      )}
      <SheetSection title={t("sources.found")}>
        {found.sources.length === 0 ? (
          <p className="text-muted">{t("sources.none")}</p>
        ) : (
          <ol className="flex flex-col gap-3">
            {found.sources.map((source, index) => (
              <Source key={index} source={source} topics={topics} />
            ))}
          </ol>
        )}
      </SheetSection>
      {found.searched.length > 0 && <Searched searched={found.searched} />}
    </Sheet>
  );
}
