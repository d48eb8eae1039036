import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";

import { useRunAgent } from "@/features/agents/api/use-run-agent";
import { OtherAgents } from "@/features/agents/components/other-agents";
import { ResultView } from "@/features/agents/components/result-view";
import { JobTray } from "@/features/jobs/components/job-tray";
import { useMaterials } from "@/features/materials/api/use-materials";
import { MaterialPane } from "@/features/materials/components/material-pane";
import { MaterialViewer } from "@/features/materials/components/material-viewer";
import { DoItAll } from "@/features/pipeline/components/do-it-all";
import { useSession } from "@/features/sessions/api/use-sessions";
import { ApiError } from "@/lib/api/problem";
import { kindMadeBy } from "@/lib/artifacts/kinds";

import { ArtifactCards } from "../components/artifact-cards";
import { OpenArtifact } from "../components/open-artifact";
import { SessionHeading } from "../components/session-heading";
import { HeadingWait } from "../components/session-wait";
import { useArtifactWork } from "../hooks/use-artifact-work";
import { useSessionView } from "../hooks/use-session-view";

import { NotFoundPage } from "./not-found";

/** A session: its material and runs on the left, the work on the right, the notes over both. */
export default function SessionPage({ sessionId }: { sessionId: string }) {
  const { t } = useTranslation();
  const session = useSession(sessionId);
  const view = useSessionView(sessionId);
  const materials = useMaterials(sessionId);
  const work = useArtifactWork(sessionId, view);
  const runAgent = useRunAgent(sessionId);
  const title = session.data?.title;
  useEffect(() => {
    document.title = title === undefined ? "Offstage" : `${title} — Offstage`;
  }, [title]);

  const { openKind } = view;
  useEffect(() => {
    // What the toasts tell is seen there.
    if (openKind !== null) toast.dismiss();
  }, [openKind]);

  if (session.error instanceof ApiError && session.error.status === 404) {
    return <NotFoundPage title={t("sessions.notFoundTitle")} text={t("sessions.notFoundText")} />;
  }
  return (
    <div className="mx-auto max-w-6xl px-4 pt-4 pb-24 sm:px-6">
      {session.data ? (
        <SessionHeading session={session.data} />
      ) : (
        <HeadingWait />
      )}
      <div className="mt-8 grid grid-cols-1 items-start gap-6 lg:grid-cols-2 lg:grid-rows-[auto_1fr] lg:gap-8">
        <MaterialPane sessionId={sessionId} onOpen={(materialId) => view.openMaterial(materialId)} />
        <div className="flex flex-col gap-8 lg:col-start-2 lg:row-span-2 lg:row-start-1">
          <ArtifactCards
            work={work}
            hasMaterial={materials.data && materials.data.length > 0}
            onOpen={view.openArtifact}
          />
          <DoItAll
            sessionId={sessionId}
            hasMaterial={materials.data && materials.data.length > 0}
          />
          <OtherAgents sessionId={sessionId} />
        </div>
        <JobTray
          sessionId={sessionId}
          jobs={work.jobs}
          againFor={(job) => {
            const kind = kindMadeBy(job.agent);
            return kind === undefined
              ? () => runAgent.mutate({ ...job, replayOf: job.jobId })
              : () => work.start(kind, { replayOf: job.jobId });
          }}
          openerFor={(job) => {
            const kind = kindMadeBy(job.agent);
            return kind === undefined
              ? () => view.openResult(job.jobId)
              : () => view.openArtifact(kind);
          }}
        />
      </div>
      <p aria-live="polite" className="sr-only">
        {work.announcement}
      </p>
      <OpenArtifact sessionId={sessionId} view={view} runningOf={work.runningOf} />
      <ResultView jobId={view.resultOf} onClose={view.closeResult} />
      <MaterialViewer
        sessionId={sessionId}
        materialId={view.materialId}
        passage={view.passage}
        onClose={view.closeMaterial}
      />
    </div>
  );
}
