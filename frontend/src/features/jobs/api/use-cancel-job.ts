import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api, call } from "@/lib/api/client";
import { invalidateEverywhere } from "@/lib/api/invalidate";
import { keys } from "@/lib/api/keys";

export function useCancelJob(sessionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (jobId: string) => {
      await call(api.POST("/jobs/{job_id}/cancel", { params: { path: { job_id: jobId } } }));
    },
    onSettled: (_data, _error, jobId) =>
      invalidateEverywhere(client, keys.job(jobId), keys.jobs(sessionId)),
  });
}
