import type { Kind } from "./kinds";

export const EXPORT_FORMATS = ["pdf", "html", "md", "anki"] as const;

/** Where a version can be had as a file. */
export function exportUrl(
  sessionId: string,
  kind: Kind,
  version: number,
  format: (typeof EXPORT_FORMATS)[number],
): string {
  const query = new URLSearchParams({ format, version: String(version) });
  return `/sessions/${encodeURIComponent(sessionId)}/${kind}/export?${query}`;
}
