import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { Route, Switch } from "wouter";

import { AuthGate, type Visitor } from "@/features/auth/components/auth-gate";
import { SignOutButton } from "@/features/auth/components/sign-out-button";
import { followOtherTabs } from "@/lib/api/invalidate";
import { guardDrafts } from "@/lib/artifacts/drafts";

import { ConnectionLine } from "./components/connection-line";
import { ErrorBoundary } from "./components/error-boundary";
import { Header } from "./components/header";
import { SessionWait } from "./components/session-wait";
import { Toasts } from "./components/toasts";
import { createQueryClient } from "./query-client";
import { NotFoundPage } from "./routes/not-found";

const SessionsPage = lazy(() => import("./routes/sessions"));
const SessionPage = lazy(() => import("./routes/session"));

export function App() {
  const [client] = useState(createQueryClient);
  return (
    <ErrorBoundary>
      <QueryClientProvider client={client}>
        <AuthGate>
          {(visitor) => <Workplace key={visitor.userId ?? ""} visitor={visitor} />}
        </AuthGate>
      </QueryClientProvider>
    </ErrorBoundary>
  );
}

/** All that one user sees. What was read for them is kept apart, and goes when they sign out. */
function Workplace({ visitor }: { visitor: Visitor }) {
  const { userId, canSignOut, recheck } = visitor;
  const [client] = useState(() => createQueryClient(recheck));
  useEffect(() => followOtherTabs(client), [client]);
  useEffect(() => guardDrafts(client), [client]);
  return (
    <QueryClientProvider client={client}>
      <Header
        account={
          canSignOut &&
          userId !== undefined && <SignOutButton userId={userId} onSignedOut={recheck} />
        }
      />
      <main id="content" tabIndex={-1} className="outline-none">
        <Switch>
          <Route path="/">
            <Suspense>
              <SessionsPage />
            </Suspense>
          </Route>
          <Route path="/s/:sessionId">
            {({ sessionId }) => (
              <Suspense fallback={<SessionWait />}>
                <SessionPage key={sessionId} sessionId={sessionId} />
              </Suspense>
            )}
          </Route>
          <Route>
            <NotFoundPage />
          </Route>
        </Switch>
      </main>
      <ConnectionLine />
      <Toasts />
    </QueryClientProvider>
  );
}
