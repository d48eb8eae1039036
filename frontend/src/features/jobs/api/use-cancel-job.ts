import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";

import { api, call } from "@/lib/api/client";
import { invalidateEverywhere } from "@/lib/api/invalidate";
import { keys } from "@/lib/api/keys";
import { describeError } from "@/lib/i18n/dynamic";

export function useCancelJob(sessionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (jobId: string) => {
      await call(api.POST("/jobs/{job_id}/cancel", { params: { path: { job_id: jobId } } }));
    },
    onError: (error) => {
      const { title, hint } = describeError(error);
      toast.error(title, { description: hint });
    },
    onSettled: (_data, _error, jobId) =>
      invalidateEverywhere(client, keys.job(jobId), keys.jobs(sessionId)),
  });
}
