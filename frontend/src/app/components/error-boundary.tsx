import i18next from "i18next";
import { Component, type ReactNode } from "react";

import { Button } from "@/components/ui/button";

/** The last resort: says that the page broke, and offers a reload. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render() {
    if (!this.state.isBroken) return this.props.children;
    return (
      <div role="alert" className="mx-auto flex max-w-xl flex-col items-start gap-4 p-8">
        <p>{i18next.t("app.crashed")}</p>
        <Button variant="primary" onClick={() => window.location.reload()}>
          {i18next.t("app.reload")}
        </Button>
      </div>
    );
  }
}
