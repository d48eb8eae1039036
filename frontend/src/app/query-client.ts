import { QueryClient } from "@tanstack/react-query";

import { retryDelayMs, shouldRetry } from "@/lib/polling";

export function createQueryClient(): QueryClient {
  return new QueryClient({
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
