import { useTranslation } from "react-i18next";

import { SelfCheck } from "@/components/artifacts/self-check";
import { Sheet, SheetSection } from "@/components/artifacts/sheet";
import { Sourced } from "@/components/artifacts/sourced";
import type { Analytics, AnalyticsVersion, Span } from "@/lib/api/types";

import { CoverageList } from "./coverage-list";
import { ShareChart } from "./share-chart";

interface AnalyticsDocumentProps {
  sessionId: string;
  report: Analytics | AnalyticsVersion;
  hrefOf: (span: Span) => string;
}

function Figures({ figures }: { figures: Analytics["figures"] }) {
  const { t, i18n } = useTranslation();
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  const shown = [
    ["words", number.format(figures.words)],
    ["minutes", number.format(figures.readingMinutes)],
    ["sentence", number.format(figures.wordsPerSentence)],
    ["difficultyHead", t(`analytics.difficulty.${figures.difficulty}`)],
  ] as const;
  return (
    <dl className="grid grid-cols-2 gap-3 sm:grid-cols-4">
      {shown.map(([name, value]) => (
        <div key={name} className="flex flex-col-reverse justify-end rounded-xl bg-sunken px-4 py-3">
          <dt className="text-xs text-muted">{t(`analytics.${name}`)}</dt>
          <dd className="text-lg font-semibold tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Gaps({ sessionId, report, hrefOf }: AnalyticsDocumentProps) {
  const { t } = useTranslation();
  return (
    <ul className="flex list-disc flex-col gap-1.5 pl-5 marker:text-warn">
      {report.gaps.map(({ subject, text, sources, edited }, index) => (
        <li key={index}>
          <Sourced sessionId={sessionId} sources={sources} about={subject} hrefOf={hrefOf}>
            {text}
            {edited && <span className="text-xs text-muted"> · {t("editing.own")}</span>}
          </Sourced>
        </li>
      ))}
    </ul>
  );
}

function Contradictions({ sessionId, report, hrefOf }: AnalyticsDocumentProps) {
  return (
    <ul className="flex flex-col gap-4">
      {report.contradictions.map(({ text, statements }, index) => (
        <li key={index} className="rounded-lg border-l-3 border-danger bg-danger-soft px-4 py-3">
          <p className="text-sm font-medium">{text}</p>
          {statements.map((said, place) => (
            <Sourced
              key={place}
              sessionId={sessionId}
              sources={said.sources}
              about={said.text.slice(0, 60)}
              hrefOf={hrefOf}
              className="mt-2 font-serif"
            >
              <q>{said.text}</q>
            </Sourced>
          ))}
        </li>
      ))}
    </ul>
  );
}

function EarlyTerms({ sessionId, report, hrefOf }: AnalyticsDocumentProps) {
  const { t } = useTranslation();
  return (
    <dl className="flex flex-col gap-3">
      {report.earlyTerms.map(({ term, used, defined }, index) => (
        <div key={index}>
          <dt className="font-medium">{term}</dt>
          {([["used", used], ["explained", defined]] as const).map(([name, passage]) => (
            <dd key={name} className="text-sm">
              <Sourced
                sessionId={sessionId}
                sources={passage.sources}
                about={term}
                hrefOf={hrefOf}
              >
                <span className="text-muted">{t(`analytics.${name}`)}</span> {passage.text}
              </Sourced>
            </dd>
          ))}
        </div>
      ))}
    </dl>
  );
}

/** The report on a session, to be read. */
export default function AnalyticsDocument(props: AnalyticsDocumentProps) {
  const { sessionId, report, hrefOf } = props;
  const { t } = useTranslation();
  const cited = [...report.gaps, ...report.questions].map(({ sources }) => sources);
  return (
    <Sheet sessionId={sessionId} made={report} cited={cited}>
      <Figures figures={report.figures} />
      {report.topics.length > 0 && (
        <SheetSection title={t("analytics.topics")}>
          <ShareChart topics={report.topics} />
        </SheetSection>
      )}
      {report.plan.length > 0 && (
        <SheetSection title={t("analytics.plan")}>
          <CoverageList modules={report.plan} />
        </SheetSection>
      )}
      {report.gaps.length > 0 && (
        <SheetSection title={t("analytics.gaps")}>
          <Gaps {...props} />
        </SheetSection>
      )}
      {report.contradictions.length > 0 && (
        <SheetSection title={t("analytics.contradictions")}>
          <Contradictions {...props} />
        </SheetSection>
      )}
      {report.earlyTerms.length > 0 && (
        <SheetSection title={t("analytics.earlyTerms")}>
          <EarlyTerms {...props} />
        </SheetSection>
      )}
      {report.questions.length > 0 && (
        <SheetSection title={t("analytics.questions")}>
          {report.questions.map(({ question, answer, sources, edited }, index) => (
            <SelfCheck
              key={index}
              sessionId={sessionId}
              question={question}
              answer={answer}
              sources={sources}
              isOwn={edited}
              hrefOf={hrefOf}
            />
          ))}
        </SheetSection>
      )}
    </Sheet>
  );
}
