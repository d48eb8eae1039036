import { useTranslation } from "react-i18next";

import { SelfCheck } from "@/components/artifacts/self-check";
import { Sheet } from "@/components/artifacts/sheet";
import { Sourced } from "@/components/artifacts/sourced";
import type { Plan, PlanModule, PlanVersion, Span } from "@/lib/api/types";

import { useDuration } from "../use-duration";

interface PlanDocumentProps {
  sessionId: string;
  plan: Plan | PlanVersion;
  hrefOf: (span: Span) => string;
}

interface ModuleProps extends Omit<PlanDocumentProps, "plan"> {
  module: PlanModule;
  number: number;
  titles: Map<string, string>;
}

function Objectives({ sessionId, module, hrefOf }: ModuleProps) {
  const { t } = useTranslation();
  if (module.objectives.length === 0) return null;
  return (
    <ul aria-label={t("plan.objectives")} className="flex list-disc flex-col gap-1 pl-5 marker:text-muted">
      {module.objectives.map(({ text, sources, grounded }, index) => (
        <li key={index}>
          <Sourced sessionId={sessionId} sources={sources} about={text.slice(0, 60)} hrefOf={hrefOf}>
            {text}
            {!grounded && (
              <span className="ml-2 font-sans text-xs text-warn">{t("synopsis.ungrounded")}</span>
            )}
          </Sourced>
        </li>
      ))}
    </ul>
  );
}

function Module(props: ModuleProps) {
  const { sessionId, module, number, titles, hrefOf } = props;
  const { t } = useTranslation();
  const duration = useDuration();
  const needed = module.prerequisites.map((id) => titles.get(id) ?? id);
  return (
    <li
      data-module={module.id}
      className="flex flex-col gap-3 rounded-2xl border border-line bg-surface p-4 sm:p-5"
    >
      <Sourced
        sessionId={sessionId}
        sources={module.covers}
        about={module.title}
        hrefOf={hrefOf}
      >
        <h3 className="font-serif text-lg font-semibold">
          {number}. {module.title}
        </h3>
        <p className="mt-0.5 text-xs text-muted tabular-nums">
          {duration(module.minutes)}
          {needed.length > 0 && ` · ${t("plan.after", { modules: needed.join("; ") })}`}
          {module.own.length > 0 && ` · ${t("editing.own")}`}
        </p>
      </Sourced>
      <Objectives {...props} />
      {module.check && <SelfCheck sessionId={sessionId} hrefOf={hrefOf} {...module.check} />}
    </li>
  );
}

/** The course plan, to be read: its modules in order, each with its time on a common scale. */
export default function PlanDocument({ sessionId, plan, hrefOf }: PlanDocumentProps) {
  const { t } = useTranslation();
  const duration = useDuration();
  const titles = new Map(plan.modules.map(({ id, title }) => [id, title]));
  const cited = plan.modules.flatMap((module) => [
    module.covers,
    ...module.objectives.map(({ sources }) => sources),
  ]);
  return (
    <Sheet sessionId={sessionId} made={plan} cited={cited}>
      <div className="-mt-4 flex flex-col gap-1">
        {plan.goal !== "" && <p className="font-serif">{t("plan.goal", { goal: plan.goal })}</p>}
        <p className="text-sm text-muted tabular-nums">
          {t("plan.total", { time: duration(plan.minutes), level: t(`plan.level.${plan.level}`) })}
        </p>
      </div>
      <ol className="flex flex-col gap-4">
        {plan.modules.map((module, index) => (
          <Module
            key={module.id}
            sessionId={sessionId}
            module={module}
            number={index + 1}
            titles={titles}
            hrefOf={hrefOf}
          />
        ))}
      </ol>
    </Sheet>
  );
}
