import { useState } from "react";

import { ArtifactCard } from "@/components/artifacts/artifact-card";
import { PlanWishesFields, queryFrom } from "@/features/plan/components/plan-wishes";
import { KINDS, type Kind } from "@/lib/artifacts/kinds";

import type { ArtifactWork } from "../hooks/use-artifact-work";

interface ArtifactCardsProps {
  work: ArtifactWork;
  hasMaterial: boolean | undefined;
  onOpen: (kind: Kind) => void;
}

/** A card for each kind of artifact. */
export function ArtifactCards({ work, hasMaterial, onOpen }: ArtifactCardsProps) {
  const [planWishes, setPlanWishes] = useState({ hours: "", level: "" });
  const extras = {
    plan: {
      fields: <PlanWishesFields value={planWishes} onChange={setPlanWishes} />,
      options: queryFrom(planWishes),
    },
  };
  return KINDS.map((kind) => (
    <ArtifactCard
      key={kind}
      kind={kind}
      artifact={work.artifactOf(kind)}
      running={work.runningOf(kind)}
      hasMaterial={hasMaterial}
      onStart={(request) => work.start(kind, request)}
      onOpen={() => onOpen(kind)}
      {...(kind === "plan" ? { extra: extras.plan } : {})}
    />
  ));
}
