import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import { useLocation } from "wouter";

import { useSessionJobs } from "@/features/jobs/api/use-session-jobs";
import { keys } from "@/lib/api/keys";
import { isActive, type Generation, type Job } from "@/lib/api/types";
import { AGENTS, kindMadeBy, type Kind } from "@/lib/artifacts/kinds";
import { useArtifacts } from "@/lib/artifacts/use-artifact";
import {
  isUnchanged,
  useStartArtifact,
  type ArtifactStart,
} from "@/lib/artifacts/use-start-artifact";
import { describeError, describeFailure } from "@/lib/i18n/dynamic";

import type { SessionView } from "./use-session-view";

const OFFER_MS = 12_000;
/** Long enough to read what is wrong and what to do. */
const FAILURE_MS = 12_000;

/** The run under way as the artifact's own answer tells it, until the list of jobs has come. */
function runningFrom(
  kind: Kind,
  jobs: Job[] | undefined,
  generation: Generation | null | undefined,
) {
  const agent = AGENTS[kind];
  if (jobs) return jobs.find((job) => job.agent === agent && isActive(job));
  return generation ? ({ ...generation, agent } as Job) : undefined;
}

/** The artifacts of a session and the runs that make them, kept in step. */
export function useArtifactWork(sessionId: string, view: SessionView) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [announcement, setAnnouncement] = useState("");
  const found = useArtifacts(sessionId);
  const startRun = useStartArtifact(sessionId);

  const onEnded = useCallback(
    (job: Job, isWitnessed: boolean) => {
      const kind = kindMadeBy(job.agent);
      if (kind === undefined) return;
      void client.invalidateQueries({ queryKey: keys.artifact(sessionId, kind) });
      if (!isWitnessed) return;
      if (job.status === "done") {
        setAnnouncement(t(`${kind}.ready`));
        // Whoever looks at it sees it come.
        if (new URLSearchParams(window.location.search).get("view") === kind) return;
        const open = () => navigate(`/s/${sessionId}?view=${kind}`);
        toast.success(t(`${kind}.ready`), {
          id: job.jobId,
          action: { label: t("jobs.open"), onClick: open },
        });
      } else if (job.error?.code !== "cancelled") {
        setAnnouncement(t(`${kind}.failed`));
        const why = job.error && describeFailure(job.error);
        toast.error(t(`${kind}.failed`), {
          id: job.jobId,
          description: why && `${why.title}. ${why.hint}`,
          duration: FAILURE_MS,
        });
      } else toast.dismiss(job.jobId);
    },
    [client, navigate, sessionId, t],
  );
  const { jobs } = useSessionJobs(sessionId, onEnded);

  /** A version was made from the same input: it is offered, and a run all the same. */
  const offer = (kind: Kind, version: number, request: ArtifactStart, id: string | number) => {
    const open = () => navigate(`/s/${sessionId}?view=${kind}&version=${version}`);
    toast(t("versions.unchanged", { version }), {
      id,
      duration: OFFER_MS,
      // Two buttons leave the words no room beside them.
      classNames: { toast: "flex-wrap", content: "basis-full" },
      action: { label: t("jobs.open"), onClick: open },
      cancel: {
        label: t("versions.anyway"),
        onClick: () => start(kind, { ...request, anyway: true }),
      },
    });
  };

  const start = (kind: Kind, request: ArtifactStart) => {
    const id = toast(t(`${kind}.started`), {
      action: { label: t("jobs.open"), onClick: () => view.openArtifact(kind) },
    });
    const run = { kind, start: request };
    startRun.mutate(run, {
      onSuccess: (answer) => {
        if (isUnchanged(answer)) offer(kind, answer.version, request, id);
        else if (answer.deduplicated) toast(t(`${kind}.alreadyStarted`), { id });
      },
      onError: (error) => {
        const { title, hint } = describeError(error);
        toast.error(t(`${kind}.startFailed`), {
          id,
          description: `${title}. ${hint}`,
          duration: FAILURE_MS,
          // Nothing is being made, so there is nothing to watch.
          action: undefined,
        });
      },
    });
  };

  return {
    jobs,
    /** Undefined while it is being loaded, null before the first is made. */
    artifactOf: (kind: Kind) => found[kind]?.artifact,
    runningOf: (kind: Kind) => runningFrom(kind, jobs, found[kind]?.generation),
    start,
    announcement,
  };
}

export type ArtifactWork = ReturnType<typeof useArtifactWork>;
