import { useInfiniteQuery, useQuery } from "@tanstack/react-query";

import { api, call } from "@/lib/api/client";
import { keys } from "@/lib/api/keys";

/** Every session, newest first, a page at a time. */
export function useSessions() {
  return useInfiniteQuery({
    queryKey: keys.sessions,
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const query = pageParam === undefined ? {} : { cursor: pageParam };
      const answer = await call(api.GET("/sessions", { params: { query }, signal }));
      return answer.data;
    },
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    select: (data) => data.pages.flatMap((page) => page.items),
  });
}

export function useSession(sessionId: string) {
  return useQuery({
    queryKey: keys.session(sessionId),
    queryFn: async ({ signal }) => {
      const path = { session_id: sessionId };
      const answer = await call(api.GET("/sessions/{session_id}", { params: { path }, signal }));
      return answer.data;
    },
  });
}
