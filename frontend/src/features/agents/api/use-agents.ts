import { useQuery } from "@tanstack/react-query";

import { api, call } from "@/lib/api/client";
import { keys } from "@/lib/api/keys";
import type { AgentInfo } from "@/lib/api/types";
import { kindMadeBy } from "@/lib/artifacts/kinds";

function versionNumber({ version }: AgentInfo): number {
  return Number(version.slice(1));
}

/** Each agent once, in its latest version, without those for drills or with a part of their own. */
export function otherAgents(agents: AgentInfo[]): AgentInfo[] {
  const latest = new Map<string, AgentInfo>();
  for (const agent of agents.filter(({ forDrills }) => !forDrills)) {
    const known = latest.get(agent.id);
    if (kindMadeBy(agent.id) !== undefined) continue;
    if (!known || versionNumber(known) < versionNumber(agent)) latest.set(agent.id, agent);
  }
  return [...latest.values()];
}

export function useOtherAgents() {
  return useQuery({
    queryKey: keys.agents,
    queryFn: async ({ signal }) => (await call(api.GET("/agents", { signal }))).data.items,
    select: otherAgents,
    staleTime: Infinity,
  });
}
