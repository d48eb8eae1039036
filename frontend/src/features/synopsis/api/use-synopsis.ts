import { useQuery } from "@tanstack/react-query";

import { api, call } from "@/lib/api/client";
import { keys } from "@/lib/api/keys";
import { ApiError } from "@/lib/api/problem";
import type { Generation, Synopsis } from "@/lib/api/types";

export interface SynopsisState {
  /** Null before the first notes are made. */
  synopsis: Synopsis | null;
  /** The run that is making notes now. */
  generation: Generation | null;
}

function isGeneration(value: unknown): value is Generation {
  return typeof value === "object" && value !== null && "jobId" in value;
}

/** "No notes yet" is an answer, not an error; its problem says whether they are being made. */
export function stateFrom(error: unknown): SynopsisState {
  if (!(error instanceof ApiError) || error.code !== "synopsis_not_found") throw error;
  const generation = error.body["generation"];
  return { synopsis: null, generation: isGeneration(generation) ? generation : null };
}

export function useSynopsis(sessionId: string) {
  return useQuery({
    queryKey: keys.synopsis(sessionId),
    queryFn: async ({ signal }): Promise<SynopsisState> => {
      const params = { path: { session_id: sessionId } };
      try {
        const request = api.GET("/sessions/{session_id}/synopsis", { params, signal });
        const { data } = await call(request);
        return { synopsis: data as Synopsis, generation: data.generation ?? null };
      } catch (error) {
        return stateFrom(error);
      }
    },
  });
}
