import type { Synopsis, SynopsisVersion } from "@/lib/api/types";

import { useSynopsis } from "./use-synopsis";
import { useVersion, useVersions } from "./use-versions";

function notesFrom(made: Synopsis | SynopsisVersion) {
  return {
    title: made.title,
    language: made.language,
    items: made.items,
    model: made.provenance?.model,
    madeAt: "updatedAt" in made ? made.updatedAt : made.createdAt,
  };
}

/**
 * The notes to show: the latest, or the version asked for.
 * @param version null for the latest
 */
export function useShownNotes(sessionId: string, version: number | null, enabled: boolean) {
  const latest = useSynopsis(sessionId);
  const asked = useVersion(sessionId, enabled ? version : null);
  const versions = useVersions(sessionId, enabled && latest.data?.synopsis != null);
  const synopsis = latest.data?.synopsis ?? undefined;
  const made = version === null ? synopsis : asked.data;
  return {
    notes: made && notesFrom(made),
    versions: versions.data ?? [],
    shown: made?.version,
    latest: synopsis?.version,
    isPending: version === null ? latest.isPending : asked.isPending,
  };
}
