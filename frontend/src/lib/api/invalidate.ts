import type { QueryClient, QueryKey } from "@tanstack/react-query";

const CHANNEL = "offstage";

function openChannel(): BroadcastChannel | undefined {
  return typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(CHANNEL);
}

const channel = openChannel();

/** Refreshes what changed, here and in the other tabs. */
export async function invalidateEverywhere(
  client: QueryClient,
  ...changed: QueryKey[]
): Promise<void> {
  channel?.postMessage(changed);
  await Promise.all(changed.map((queryKey) => client.invalidateQueries({ queryKey })));
}

/** Refreshes what another tab says it changed. Returns the way to stop. */
export function followOtherTabs(client: QueryClient): () => void {
  const refresh = (event: MessageEvent<QueryKey[]>) => {
    for (const queryKey of event.data) void client.invalidateQueries({ queryKey });
  };
  channel?.addEventListener("message", refresh);
  return () => channel?.removeEventListener("message", refresh);
}
