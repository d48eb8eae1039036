import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { useConnection } from "@/lib/hooks/use-connection";

/** A hiccup that passes within this time isn't worth a word. */
const PATIENCE_MS = 700;

/** A discreet line while the server is away; what is on the page stays. */
export function ConnectionLine() {
  const { t } = useTranslation();
  const connection = useConnection();
  const [shown, setShown] = useState(connection);
  useEffect(() => {
    const timer = setTimeout(() => setShown(connection), connection === "ok" ? 0 : PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [connection]);
  return (
    <div role="status" className="pointer-events-none fixed inset-x-0 bottom-4 z-50 flex justify-center px-4">
      {shown !== "ok" && (
        <p className="animate-appear rounded-full bg-ink px-4 py-1.5 text-xs text-paper shadow-raised">
          {t(shown === "lost" ? "app.connectionLost" : "app.serverBusy")}
        </p>
      )}
    </div>
  );
}
