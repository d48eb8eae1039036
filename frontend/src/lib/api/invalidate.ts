import type { QueryClient, QueryKey } from "@tanstack/react-query";

const CHANNEL = "offstage";

function openChannel(): BroadcastChannel | undefined {
  return typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(CHANNEL);
}

const channel = openChannel();

/**
 * Reads again what changed. A first read that is still under way is dropped: it may have been
 * answered before the change, and an invalidated query would wait for it and keep its answer.
 */
async function refresh(client: QueryClient, queryKey: QueryKey): Promise<void> {
  await client.cancelQueries({ queryKey });
  await client.invalidateQueries({ queryKey });
}

/** Refreshes what changed, here and in the other tabs. */
export async function invalidateEverywhere(
  client: QueryClient,
  ...changed: QueryKey[]
): Promise<void> {
  channel?.postMessage(changed);
  await Promise.all(changed.map((queryKey) => refresh(client, queryKey)));
}

/** Refreshes what another tab says it changed. Returns the way to stop. */
export function followOtherTabs(client: QueryClient): () => void {
  const heed = (event: MessageEvent<QueryKey[]>) => {
    for (const queryKey of event.data) void refresh(client, queryKey);
  };
  channel?.addEventListener("message", heed);
  return () => channel?.removeEventListener("message", heed);
}
