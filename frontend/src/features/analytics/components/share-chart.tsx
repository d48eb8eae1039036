import { useTranslation } from "react-i18next";

import type { Analytics } from "@/lib/api/types";

type Topic = Analytics["topics"][number];

const HEIGHT = 12;

function Own() {
  const { t } = useTranslation();
  return <span className="text-xs text-muted"> · {t("editing.own")}</span>;
}

/** How much of the material each topic takes: bars for the eye, and the same as a table. */
export function ShareChart({ topics }: { topics: Topic[] }) {
  const { t } = useTranslation();
  const largest = Math.max(...topics.map(({ share }) => share), 0.01);
  const percent = (share: number) => t("analytics.percent", { number: Math.round(share * 100) });
  return (
    <figure className="flex flex-col gap-3">
      <div
        aria-hidden
        className="grid grid-cols-[minmax(0,1fr)_3rem] items-center gap-x-3 gap-y-1.5 text-sm sm:grid-cols-[minmax(0,2fr)_minmax(4rem,3fr)_3rem]"
      >
        {topics.map(({ title, madeAs, share, difficulty }, index) => (
          <div key={index} className="contents">
            <span className="line-clamp-2 break-words max-sm:col-span-2 max-sm:mt-1">
              {title}
              {madeAs !== "" && <Own />}
            </span>
            <svg
              viewBox={`0 0 100 ${HEIGHT}`}
              preserveAspectRatio="none"
              className="h-3 w-full overflow-visible"
              data-share={share}
            >
              <rect width={100} height={HEIGHT} className="fill-sunken" />
              <rect
                width={(share / largest) * 100}
                height={HEIGHT}
                className={difficulty === "hard" ? "fill-warn" : "fill-accent"}
              />
            </svg>
            <span className="text-right text-xs text-muted tabular-nums">{percent(share)}</span>
          </div>
        ))}
      </div>
      <figcaption className="text-xs text-muted">{t("analytics.chartNote")}</figcaption>
      <details>
        <summary className="w-fit rounded text-sm text-accent">{t("analytics.asTable")}</summary>
        {/* Wide tables scroll, and the arrow keys must reach them. */}
        <div role="region" aria-label={t("analytics.topics")} tabIndex={0} className="mt-2 overflow-x-auto">
          <table className="w-full min-w-md text-left text-sm">
            <caption className="sr-only">{t("analytics.topics")}</caption>
            <thead className="text-xs text-muted">
              <tr>
                <th scope="col" className="py-1 pr-3 font-medium">{t("analytics.topic")}</th>
                <th scope="col" className="py-1 pr-3 font-medium">{t("analytics.share")}</th>
                <th scope="col" className="py-1 pr-3 font-medium">{t("analytics.minutes")}</th>
                <th scope="col" className="py-1 pr-3 font-medium">{t("analytics.difficultyHead")}</th>
                <th scope="col" className="py-1 font-medium">{t("analytics.notes")}</th>
              </tr>
            </thead>
            <tbody className="tabular-nums">
              {topics.map((topic, index) => (
                <tr key={index} className="border-t border-line">
                  <th scope="row" className="py-1.5 pr-3 font-normal break-words">
                    {topic.title}
                    {topic.madeAs !== "" && <Own />}
                  </th>
                  <td className="py-1.5 pr-3 whitespace-nowrap">{percent(topic.share)}</td>
                  <td className="py-1.5 pr-3">{topic.readingMinutes}</td>
                  <td className="py-1.5 pr-3">{t(`analytics.difficulty.${topic.difficulty}`)}</td>
                  <td className="py-1.5">{topic.notes}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
