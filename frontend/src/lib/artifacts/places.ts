import type { paths } from "@/lib/api/schema.gen";

import type { Kind } from "./kinds";

/** Typed as the edit of the notes, which stands for all like their routes do. */
export type EditBody =
  paths["/sessions/{session_id}/synopsis"]["put"]["requestBody"]["content"]["application/json"];

/**
 * The routes of every kind have the same parameters, and the client's types go by literal paths: so
 * those of the notes stand for all. What the answer holds is told by `Artifacts` (lib/api/types).
 */
export const placesOf = (kind: Kind) => {
  const place = `/sessions/{session_id}/${kind}`;
  return {
    current: place as "/sessions/{session_id}/synopsis",
    versions: `${place}/versions` as "/sessions/{session_id}/synopsis/versions",
    version: `${place}/versions/{number}` as "/sessions/{session_id}/synopsis/versions/{number}",
    restore:
      `${place}/versions/{number}/restore` as "/sessions/{session_id}/synopsis/versions/{number}/restore",
    diff: `${place}/versions/{number}/diff` as "/sessions/{session_id}/synopsis/versions/{number}/diff",
    export: `${place}/export` as "/sessions/{session_id}/synopsis/export",
  };
};
