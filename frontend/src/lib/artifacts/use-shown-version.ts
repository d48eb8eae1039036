import type { Kind } from "./kinds";
import { useArtifact } from "./use-artifact";
import { useVersion, useVersions } from "./use-versions";

/**
 * The version to show: the current one, or the one asked for.
 * @param version null for the current one
 */
export function useShownVersion<K extends Kind>(
  sessionId: string,
  kind: K,
  version: number | null,
  enabled: boolean,
) {
  const now = useArtifact(sessionId, kind);
  const asked = useVersion(sessionId, kind, enabled ? version : null);
  const versions = useVersions(sessionId, kind, enabled && now.data?.artifact != null);
  const artifact = now.data?.artifact ?? undefined;
  const made = version === null ? artifact : asked.data;
  return {
    made,
    versions: versions.data ?? [],
    /** The version that holds now. */
    holding: artifact,
    /** Its number. */
    current: artifact?.version,
    isPending: version === null ? now.isPending : asked.isPending,
  };
}
