import { useTranslation } from "react-i18next";

import type { GroundingReport, Provenance, Span } from "@/lib/api/types";
import { useGoneSources } from "@/lib/artifacts/use-gone-sources";
import { formatMoment } from "@/lib/format";


interface ColophonProps {
  sessionId: string;
  /** The sources of each item. */
  cited: Span[][];
  /** When this version was made. */
  madeAt: string;
  provenance: Provenance;
  /** Left out where the material isn’t what it rests on. */
  grounding?: GroundingReport;
}

/** How the items stand to the material. */
function Report({ grounding }: { grounding: GroundingReport }) {
  const { t } = useTranslation();
  const { items, grounded, repaired, ungrounded, own, injections = 0, dropped = 0 } = grounding;
  if (items === 0) return null;
  return (
    <>
      <span>{t("versions.report.grounded", { grounded, items })}</span>
      {repaired > 0 && <span>{t("versions.report.repaired", { number: repaired })}</span>}
      {own > 0 && <span>{t("versions.report.own", { number: own })}</span>}
      {ungrounded > 0 && (
        <span className="text-warn">{t("synopsis.ungroundedCount", { count: ungrounded })}</span>
      )}
      {injections > 0 && (
        <span className="text-warn">{t("versions.report.injections", { number: injections })}</span>
      )}
      {dropped > 0 && (
        <span className="text-warn">{t("versions.report.dropped", { number: dropped })}</span>
      )}
    </>
  );
}

function useCost() {
  const { t, i18n } = useTranslation();
  return (usd: number | null | undefined) => {
    if (usd === null || usd === undefined) return t("versions.made.unknown");
    if (usd === 0) return t("versions.made.free");
    const style = { style: "currency", currency: "USD", maximumSignificantDigits: 2 } as const;
    return new Intl.NumberFormat(i18n.language, style).format(usd);
  };
}

function Provenance({ provenance }: { provenance: Provenance }) {
  const { t } = useTranslation();
  const cost = useCost();
  const rows = [
    ["agent", `${provenance.agent ?? ""}@${provenance.agentVersion ?? ""}`],
    ["model", (provenance.models ?? []).map(({ model }) => model).join(", ") || provenance.model],
    ["requests", provenance.requests],
    [
      "tokens",
      t("versions.made.inOut", {
        input: provenance.inputTokens ?? 0,
        output: provenance.outputTokens ?? 0,
      }),
    ],
    ["cost", cost(provenance.costUsd)],
    ["job", `${provenance.jobId ?? ""} (${provenance.attempt ?? 1})`],
    ["trace", provenance.traceId],
  ] as const;
  return (
    <details className="w-full">
      <summary className="w-fit rounded hover:text-ink">{t("versions.made.title")}</summary>
      <dl className="mt-1 grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-0.5">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt>{t(`versions.made.${name}`)}</dt>
            <dd className="wrap-anywhere text-ink">{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** What there is to know about a version beside what it says. */
export function Colophon({ sessionId, cited, madeAt, provenance, grounding }: ColophonProps) {
  const { t, i18n } = useTranslation();
  const gone = useGoneSources(sessionId, cited);
  return (
    <div className="mt-2 mb-1 flex flex-wrap gap-x-3 gap-y-1 font-sans text-xs text-muted">
      <span>{t("synopsis.updated", { date: formatMoment(madeAt, i18n.language) })}</span>
      {provenance.model && <span>{t("synopsis.by", { model: provenance.model })}</span>}
      {grounding && <Report grounding={grounding} />}
      {gone > 0 && <span className="text-warn">{t("synopsis.goneCount", { count: gone })}</span>}
      {provenance.jobId && <Provenance provenance={provenance} />}
    </div>
  );
}
