import { useQuery } from "@tanstack/react-query";

import { api, call } from "@/lib/api/client";
import { keys } from "@/lib/api/keys";

/** What a job that is done has ended with. */
export function useResult(jobId: string | null) {
  return useQuery({
    queryKey: keys.result(jobId ?? ""),
    queryFn: async ({ signal }) => {
      const params = { path: { job_id: jobId ?? "" } };
      return (await call(api.GET("/jobs/{job_id}", { params, signal }))).data;
    },
    enabled: jobId !== null,
    staleTime: Infinity,
  });
}
