import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { keys } from "@/lib/api/keys";
import { everySoOften } from "@/lib/every-so-often";

import { followEvents } from "./job-stream";

/** A browser has six connections to a host, over all its tabs: further jobs are polled. */
const MOST_STREAMS = 2;
const LOOK_EVERY_MS = 250;

/** Looks at these jobs as soon as they change, as long as the tab is seen. */
export function useLiveJobs(jobIds: string[]): void {
  const client = useQueryClient();
  const followed = jobIds.slice(0, MOST_STREAMS).join(" ");
  useEffect(() => {
    if (followed === "" || typeof EventSource === "undefined") return;
    let stops: (() => void)[] = [];
    const stop = () => {
      for (const each of stops) each();
      stops = [];
    };
    const follow = () => {
      stop();
      if (document.visibilityState === "hidden") return;
      stops = followed.split(" ").flatMap((jobId) => {
        const look = everySoOften(LOOK_EVERY_MS, () => {
          void client.invalidateQueries({ queryKey: keys.job(jobId) });
        });
        return [followEvents(jobId, look.ask), look.stop];
      });
    };
    follow();
    document.addEventListener("visibilitychange", follow);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      stop();
    };
  }, [client, followed]);
}
