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
  synopsis: (sessionId: string) => ["synopsis", sessionId] as const,
  versions: (sessionId: string) => ["synopsis", sessionId, "versions"] as const,
  version: (sessionId: string, version: number) =>
    ["synopsis-version", sessionId, version] as const,
  diff: (sessionId: string, version: number, against: number) =>
    ["synopsis-diff", sessionId, version, against] as const,
};
