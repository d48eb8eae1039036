/** The kinds of versioned artifacts, in the order in which the page shows them. */
export const KINDS = ["synopsis", "plan", "analytics", "sources"] as const;
export type Kind = (typeof KINDS)[number];

/** Which agent makes which. */
export const AGENTS: Record<Kind, string> = {
  synopsis: "synopsis_manager",
  plan: "learning_planner",
  analytics: "session_analyst",
  sources: "source_finder",
};

/** What an agent makes, if that has a part of the page to itself. */
export function kindMadeBy(agent: string): Kind | undefined {
  return KINDS.find((kind) => AGENTS[kind] === agent);
}

export function isKind(value: string | null): value is Kind {
  return KINDS.some((kind) => kind === value);
}
