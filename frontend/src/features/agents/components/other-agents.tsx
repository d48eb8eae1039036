import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";

import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Skeleton } from "@/components/ui/skeleton";
import type { AgentInfo } from "@/lib/api/types";
import { lookup } from "@/lib/i18n/dynamic";

import { useOtherAgents } from "../api/use-agents";
import { useRunAgent } from "../api/use-run-agent";

const AgentForm = lazy(() => import("./agent-form"));

export function nameOf(agentId: string): string {
  return lookup("jobs.agent", agentId) ?? agentId;
}

function RunDialog(props: { sessionId: string; agent: AgentInfo; onClose: () => void }) {
  const { sessionId, agent, onClose } = props;
  const { t } = useTranslation();
  const run = useRunAgent(sessionId);
  const name = nameOf(agent.id);
  const start = (query: Record<string, unknown>) =>
    run.mutate(
      { agent: agent.id, version: agent.version, query },
      {
        onSuccess: ({ deduplicated }) => {
          toast(t(deduplicated ? "agents.alreadyStarted" : "agents.started", { agent: name }));
          onClose();
        },
      },
    );
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      title={t("agents.runOf", { agent: name })}
    >
      <Suspense fallback={<Skeleton className="m-6 h-24" />}>
        <AgentForm agent={agent} isPending={run.isPending} error={run.error} onRun={start} />
      </Suspense>
    </Dialog>
  );
}

/** Every agent that has no part of the page to itself, each with a form that its schema makes. */
export function OtherAgents({ sessionId }: { sessionId: string }) {
  const { t } = useTranslation();
  const { data: agents } = useOtherAgents();
  const [chosen, setChosen] = useState<AgentInfo>();
  if (agents === undefined || agents.length === 0) return null;
  return (
    <section aria-labelledby="agents-title">
      <h2 id="agents-title" className="text-base font-semibold">
        {t("agents.title")}
      </h2>
      <ul className="divide-y divide-line">
        {agents.map((agent) => (
          <li key={agent.id} className="flex items-start gap-3 py-3">
            <div className="min-w-0 flex-1">
              <p className="text-sm font-medium break-words">{nameOf(agent.id)}</p>
              <p className="text-xs break-words text-muted">{agent.summary}</p>
            </div>
            <Button
              size="sm"
              aria-label={t("agents.runOf", { agent: nameOf(agent.id) })}
              onClick={() => setChosen(agent)}
            >
              {t("agents.choose")}
            </Button>
          </li>
        ))}
      </ul>
      {chosen && (
        <RunDialog
          sessionId={sessionId}
          agent={chosen}
          onClose={() => setChosen(undefined)}
        />
      )}
    </section>
  );
}
