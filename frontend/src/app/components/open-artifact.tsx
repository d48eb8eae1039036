import { lazy } from "react";

import { ArtifactOverlay } from "@/components/artifacts/artifact-overlay";
import type { Job } from "@/lib/api/types";
import type { Kind } from "@/lib/artifacts/kinds";

import type { SessionView } from "../hooks/use-session-view";

// What is open over the page is loaded when it is opened first.
const SynopsisDocument = lazy(() => import("@/features/synopsis/components/synopsis-document"));
const SynopsisEditor = lazy(() => import("@/features/synopsis/components/synopsis-editor"));
const PlanDocument = lazy(() => import("@/features/plan/components/plan-document"));
const PlanEditor = lazy(() => import("@/features/plan/components/plan-editor"));
const AnalyticsDocument = lazy(() => import("@/features/analytics/components/analytics-document"));
const AnalyticsEditor = lazy(() => import("@/features/analytics/components/analytics-editor"));
const SourcesDocument = lazy(() => import("@/features/sources/components/sources-document"));
const SourcesEditor = lazy(() => import("@/features/sources/components/sources-editor"));

interface OpenArtifactProps {
  sessionId: string;
  view: SessionView;
  runningOf: (kind: Kind) => Job | undefined;
}

/** The artifact that is open over the page, each kind read in its own way. */
export function OpenArtifact({ sessionId, view, runningOf }: OpenArtifactProps) {
  const common = <K extends Kind>(kind: K) => ({
    kind,
    sessionId,
    open: view.openKind === kind,
    onClose: view.closeArtifact,
    running: runningOf(kind),
    version: view.version,
    onChooseVersion: view.chooseVersion,
  });
  const place = { sessionId, hrefOf: view.hrefOf };
  return (
    <>
      <ArtifactOverlay
        {...common("synopsis")}
        show={(made) => <SynopsisDocument {...place} notes={made} />}
        hasCards={(made) => made.items.some(({ type }) => type === "definition")}
        edit={(editor) => <SynopsisEditor {...editor} />}
      />
      <ArtifactOverlay
        {...common("plan")}
        show={(made) => <PlanDocument {...place} plan={made} />}
        hasCards={(made) => made.modules.some(({ check }) => Boolean(check))}
        edit={(editor) => <PlanEditor {...editor} />}
      />
      <ArtifactOverlay
        {...common("analytics")}
        show={(made) => <AnalyticsDocument {...place} report={made} />}
        hasCards={(made) => made.questions.length > 0}
        edit={(editor) => <AnalyticsEditor {...editor} />}
      />
      <ArtifactOverlay
        {...common("sources")}
        show={(made) => <SourcesDocument {...place} found={made} />}
        hasCards={() => false}
        edit={(editor) => <SourcesEditor {...editor} />}
      />
    </>
  );
}
