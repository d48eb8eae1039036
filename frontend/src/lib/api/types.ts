import type { paths } from "./schema.gen";

/** The JSON a route answers with, found by its path, so that renamed schemas change nothing here. */
type Answer<
  Path extends keyof paths,
  Method extends "get" | "post",
  Status extends number,
> = paths[Path] extends Record<
  Method,
  { responses: Record<Status, { content: { "application/json": infer Body } }> }
>
  ? Body
  : never;

type Complete<T> = T extends unknown ? { [K in keyof T]-?: Exclude<T[K], undefined> } : never;

export type Session = Answer<"/sessions/{session_id}", "get", 200>;
export type Material = Answer<"/sessions/{session_id}/materials", "get", 200>["items"][number];
export type MaterialWithText = Answer<
  "/sessions/{session_id}/materials/{material_id}",
  "get",
  200
>;
export type Job = Answer<"/jobs/{job_id}", "get", 200>;
export type JobProgress = NonNullable<Job["progress"]>;
type SynopsisAnswer = Answer<"/sessions/{session_id}/synopsis", "get", 200>;
/** Members with a default may be left out of a request; an answer always has them. */
export type SynopsisItem = Complete<SynopsisAnswer["items"][number]>;
type WithItems<T> = Omit<T, "items"> & { items: SynopsisItem[] };
export type Synopsis = WithItems<SynopsisAnswer>;
export type Span = SynopsisItem["sources"][number];
export type Generation = NonNullable<Synopsis["generation"]>;
export type SynopsisVersion = WithItems<
  Answer<"/sessions/{session_id}/synopsis/versions/{number}", "get", 200>
>;
export type VersionSummary = Answer<
  "/sessions/{session_id}/synopsis/versions",
  "get",
  200
>["items"][number];
type SynopsisDiff = Answer<"/sessions/{session_id}/synopsis/versions/{number}/diff", "get", 200>;
export type ItemDiff = SynopsisDiff["items"][number];
export type DiffRun = ItemDiff["runs"][number];
type Deep<T> = T extends (infer Each)[]
  ? Deep<Each>[]
  : T extends object
    ? { [K in keyof T]-?: Deep<Exclude<T[K], undefined>> }
    : T;
export type Plan = Deep<Answer<"/sessions/{session_id}/plan", "get", 200>>;
export type PlanVersion = Deep<Answer<"/sessions/{session_id}/plan/versions/{number}", "get", 200>>;
export type PlanModule = Plan["modules"][number];
export type Analytics = Deep<Answer<"/sessions/{session_id}/analytics", "get", 200>>;
export type AnalyticsVersion = Deep<
  Answer<"/sessions/{session_id}/analytics/versions/{number}", "get", 200>
>;
export type Sources = Deep<Answer<"/sessions/{session_id}/sources", "get", 200>>;
export type SourcesVersion = Deep<
  Answer<"/sessions/{session_id}/sources/versions/{number}", "get", 200>
>;
/** What each kind of artifact is, by the name of the kind. */
export interface Artifacts {
  synopsis: Synopsis;
  plan: Plan;
  analytics: Analytics;
  sources: Sources;
}
export interface ArtifactVersions {
  synopsis: SynopsisVersion;
  plan: PlanVersion;
  analytics: AnalyticsVersion;
  sources: SourcesVersion;
}
export type Provenance = Synopsis["provenance"];
export type GroundingReport = Synopsis["grounding"];
export type AgentInfo = Answer<"/agents", "get", 200>["items"][number];
export type Submitted = Answer<"/agents/synopsis_manager/v1/synopsis", "post", 202>;
/** The answer of reuse=unchanged: nothing runs, this version was made from the same input. */
export type Unchanged = Extract<
  Answer<"/agents/synopsis_manager/v1/synopsis", "post", 200>,
  { unchanged: true }
>;

/** Queued (a waiting retry counts) or running. */
export function isActive(job: Pick<Job, "status">): boolean {
  return job.status === "queued" || job.status === "running";
}
