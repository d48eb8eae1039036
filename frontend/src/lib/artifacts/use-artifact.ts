import { queryOptions, useQueries, useQuery } from "@tanstack/react-query";

import { api, call } from "@/lib/api/client";
import { keys } from "@/lib/api/keys";
import { ApiError } from "@/lib/api/problem";
import type { Artifacts, Generation } from "@/lib/api/types";

import { KINDS, type Kind } from "./kinds";
import { placesOf } from "./places";

export interface ArtifactState<K extends Kind = Kind> {
  /** Null before the first is made. */
  artifact: Artifacts[K] | null;
  /** The run that is making one now. */
  generation: Generation | null;
}

function isGeneration(value: unknown): value is Generation {
  return typeof value === "object" && value !== null && "jobId" in value;
}

/** "None yet" is an answer, not an error; its problem says whether one is being made. */
export function stateFrom<K extends Kind>(kind: K, error: unknown): ArtifactState<K> {
  if (!(error instanceof ApiError) || error.code !== `${kind}_not_found`) throw error;
  const generation = error.body["generation"];
  return { artifact: null, generation: isGeneration(generation) ? generation : null };
}

function artifactQuery<K extends Kind>(sessionId: string, kind: K) {
  return queryOptions({
    queryKey: keys.artifact(sessionId, kind),
    queryFn: async ({ signal }): Promise<ArtifactState<K>> => {
      const params = { path: { session_id: sessionId } };
      try {
        const { data } = await call(api.GET(placesOf(kind).current, { params, signal }));
        return { artifact: data as unknown as Artifacts[K], generation: data.generation ?? null };
      } catch (error) {
        return stateFrom(kind, error);
      }
    },
  });
}

export function useArtifact<K extends Kind>(sessionId: string, kind: K) {
  return useQuery(artifactQuery(sessionId, kind));
}

/** What there is of each kind; undefined while it is being loaded. */
export function useArtifacts(sessionId: string): Record<Kind, ArtifactState | undefined> {
  const found = useQueries({ queries: KINDS.map((kind) => artifactQuery<Kind>(sessionId, kind)) });
  const states = KINDS.map((kind, index) => [kind, found[index]?.data] as const);
  return Object.fromEntries(states) as Record<Kind, ArtifactState | undefined>;
}
