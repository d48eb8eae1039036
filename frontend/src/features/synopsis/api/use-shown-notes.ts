import type { Synopsis, SynopsisVersion } from "@/lib/api/types";

import { useSynopsis } from "./use-synopsis";
import { useVersion, useVersions } from "./use-versions";

function notesFrom(made: Synopsis | SynopsisVersion) {
  return {
    title: made.title,
    language: made.language,
    items: made.items,
    provenance: made.provenance,
    grounding: made.grounding,
    madeAt: "updatedAt" in made ? made.updatedAt : made.createdAt,
  };
}

/**
 * The notes to show: the current ones, or the version asked for.
 * @param version null for the current one
 */
export function useShownNotes(sessionId: string, version: number | null, enabled: boolean) {
  const now = useSynopsis(sessionId);
  const asked = useVersion(sessionId, enabled ? version : null);
  const versions = useVersions(sessionId, enabled && now.data?.synopsis != null);
  const synopsis = now.data?.synopsis ?? undefined;
  const made = version === null ? synopsis : asked.data;
  return {
    notes: made && notesFrom(made),
    versions: versions.data ?? [],
    /** The number of the version in `notes`. */
    shown: made?.version,
    /** The number of the version that holds now. */
    current: synopsis?.version,
    isPending: version === null ? now.isPending : asked.isPending,
  };
}

export type ShownNotes = ReturnType<typeof useShownNotes>;
