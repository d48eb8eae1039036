import { api, call } from "@/lib/api/client";

/** A version as Markdown, as the API writes it. */
export async function markdownOf(sessionId: string, version: number): Promise<string> {
  const params = { path: { session_id: sessionId }, query: { format: "md" as const, version } };
  const request = api.GET("/sessions/{session_id}/synopsis/export", { params, parseAs: "text" });
  return (await call(request)).data;
}
