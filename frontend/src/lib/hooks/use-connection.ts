import { useQueryClient, type QueryCache } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";

import { ApiError } from "../api/problem";

export type Connection = "ok" | "lost" | "busy";

function connectionOf(cache: QueryCache): Connection {
  let connection: Connection = "ok";
  for (const query of cache.getAll()) {
    const reason: unknown = query.state.fetchFailureReason;
    if (!query.isActive() || !(reason instanceof ApiError)) continue;
    if (reason.isConnection) return "lost";
    if (reason.isTransient) connection = "busy";
  }
  return connection;
}

/** Whether the reads that the page needs now get through. */
export function useConnection(): Connection {
  const cache = useQueryClient().getQueryCache();
  const subscribe = useCallback((onChange: () => void) => cache.subscribe(onChange), [cache]);
  return useSyncExternalStore(subscribe, () => connectionOf(cache));
}
