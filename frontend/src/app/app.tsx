import { QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Route, Switch } from "wouter";

import { followOtherTabs } from "@/lib/api/invalidate";

import { ConnectionLine } from "./components/connection-line";
import { ErrorBoundary } from "./components/error-boundary";
import { Header } from "./components/header";
import { Toasts } from "./components/toasts";
import { createQueryClient } from "./query-client";
import { NotFoundPage } from "./routes/not-found";
import { SessionPage } from "./routes/session";
import { SessionsPage } from "./routes/sessions";

export function App() {
  const [client] = useState(createQueryClient);
  useEffect(() => followOtherTabs(client), [client]);
  return (
    <ErrorBoundary>
      <QueryClientProvider client={client}>
        <Header />
        <main id="content" tabIndex={-1} className="outline-none">
          <Switch>
            <Route path="/">
              <SessionsPage />
            </Route>
            <Route path="/s/:sessionId">
              {({ sessionId }) => <SessionPage key={sessionId} sessionId={sessionId} />}
            </Route>
            <Route>
              <NotFoundPage />
            </Route>
          </Switch>
        </main>
        <ConnectionLine />
        <Toasts />
      </QueryClientProvider>
    </ErrorBoundary>
  );
}
