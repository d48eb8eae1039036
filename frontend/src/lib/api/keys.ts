/** Query keys, in one place so that a feature can tell another's data to refresh. */
export const keys = {
  whoAmI: ["who-am-i"] as const,
  agents: ["agents"] as const,
  sessions: ["sessions"] as const,
  session: (sessionId: string) => ["session", sessionId] as const,
  materials: (sessionId: string) => ["materials", sessionId] as const,
  material: (sessionId: string, materialId: string) =>
    ["material", sessionId, materialId] as const,
  jobs: (sessionId: string) => ["jobs", sessionId] as const,
  job: (jobId: string) => ["job", jobId] as const,
  result: (jobId: string) => ["result", jobId] as const,
  artifact: (sessionId: string, kind: string) => [kind, sessionId] as const,
  versions: (sessionId: string, kind: string) => [kind, sessionId, "versions"] as const,
  version: (sessionId: string, kind: string, version: number) =>
    ["version", kind, sessionId, version] as const,
  drafts: ["draft"] as const,
  draft: (sessionId: string, kind: string) => ["draft", kind, sessionId] as const,
  diff: (sessionId: string, kind: string, version: number, against: number) =>
    ["diff", kind, sessionId, version, against] as const,
};
