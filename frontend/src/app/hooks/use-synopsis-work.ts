import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import { useLocation } from "wouter";

import { useSessionJobs } from "@/features/jobs/api/use-session-jobs";
import {
  isUnchanged,
  useStartSynopsis,
  type SynopsisStart,
} from "@/features/synopsis/api/use-start-synopsis";
import { useSynopsis } from "@/features/synopsis/api/use-synopsis";
import { keys } from "@/lib/api/keys";
import { isActive, SYNOPSIS_AGENT, type Generation, type Job } from "@/lib/api/types";
import { describeError, describeFailure } from "@/lib/i18n/dynamic";

import type { SessionView } from "./use-session-view";

const OFFER_MS = 12_000;

/** The run under way as the notes' own answer tells it, until the list of jobs has come. */
function runningFrom(jobs: Job[] | undefined, generation: Generation | null | undefined) {
  if (jobs) return jobs.find((job) => job.agent === SYNOPSIS_AGENT && isActive(job));
  return generation ? ({ ...generation, agent: SYNOPSIS_AGENT } as Job) : undefined;
}

/** The notes of a session and the runs that make them, kept in step. */
export function useSynopsisWork(sessionId: string, view: SessionView) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [announcement, setAnnouncement] = useState("");
  const synopsis = useSynopsis(sessionId);
  const startRun = useStartSynopsis(sessionId);

  const onEnded = useCallback(
    (job: Job, isWitnessed: boolean) => {
      if (job.agent !== SYNOPSIS_AGENT) return;
      void client.invalidateQueries({ queryKey: keys.synopsis(sessionId) });
      if (!isWitnessed) return;
      if (job.status === "done") {
        setAnnouncement(t("synopsis.ready"));
        // Whoever looks at the notes sees them come.
        if (new URLSearchParams(window.location.search).get("view") === "synopsis") return;
        const open = () => navigate(`/s/${sessionId}?view=synopsis`);
        toast.success(t("synopsis.ready"), {
          id: job.jobId,
          action: { label: t("jobs.open"), onClick: open },
        });
      } else if (job.error?.code !== "cancelled") {
        setAnnouncement(t("synopsis.failed"));
        const description = job.error ? describeFailure(job.error) : undefined;
        toast.error(t("synopsis.failed"), { id: job.jobId, description });
      } else toast.dismiss(job.jobId);
    },
    [client, navigate, sessionId, t],
  );
  const { jobs } = useSessionJobs(sessionId, onEnded);

  /** A version was made from the same input: it is offered, and a run all the same. */
  const offer = (version: number, request: SynopsisStart, id: string | number) => {
    const open = () => navigate(`/s/${sessionId}?view=synopsis&version=${version}`);
    toast(t("versions.unchanged", { version }), {
      id,
      duration: OFFER_MS,
      // Two buttons leave the words no room beside them.
      classNames: { toast: "flex-wrap", content: "basis-full" },
      action: { label: t("jobs.open"), onClick: open },
      cancel: {
        label: t("versions.anyway"),
        onClick: () => start({ ...request, anyway: true }),
      },
    });
  };

  const start = (request: SynopsisStart) => {
    const id = toast(t("synopsis.started"), {
      action: { label: t("jobs.open"), onClick: view.openSynopsis },
    });
    startRun.mutate(request, {
      onSuccess: (answer) => {
        if (isUnchanged(answer)) offer(answer.version, request, id);
        else if (answer.deduplicated) toast(t("synopsis.alreadyStarted"), { id });
      },
      onError: (error) => {
        const { title, hint } = describeError(error);
        toast.error(t("synopsis.startFailed"), { id, description: `${title}. ${hint}` });
      },
    });
  };

  return {
    jobs,
    synopsis: synopsis.data?.synopsis,
    running: runningFrom(jobs, synopsis.data?.generation),
    start,
    announcement,
  };
}
