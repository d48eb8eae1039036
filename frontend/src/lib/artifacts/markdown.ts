import { api, call } from "@/lib/api/client";

import type { Kind } from "./kinds";
import { placesOf } from "./places";

/** A version as Markdown, as the API writes it. */
export async function markdownOf(sessionId: string, kind: Kind, version: number): Promise<string> {
  const params = { path: { session_id: sessionId }, query: { format: "md" as const, version } };
  return (await call(api.GET(placesOf(kind).export, { params, parseAs: "text" }))).data;
}
