import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";

import { ApiError } from "@/lib/api/problem";
import { retryDelayMs, shouldRetry } from "@/lib/polling";

/** @param onUnauthenticated called when the API no longer knows who is asking */
export function createQueryClient(onUnauthenticated?: () => void): QueryClient {
  const onError = (error: Error) => {
    if (error instanceof ApiError && error.status === 401) onUnauthenticated?.();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: shouldRetry,
        retryDelay: retryDelayMs,
        refetchOnWindowFocus: "always",
        // The server may be on this very machine: "offline" says nothing about it.
        networkMode: "always",
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
