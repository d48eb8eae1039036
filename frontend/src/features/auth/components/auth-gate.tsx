import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, type ReactNode } from "react";

import { followOtherTabs, invalidateEverywhere } from "@/lib/api/invalidate";
import { keys } from "@/lib/api/keys";

import { useWhoAmI } from "../api/use-who-am-i";

import { SignInScreen } from "./sign-in-screen";

export interface Visitor {
  /** Undefined while the server couldn't be asked. */
  userId: string | undefined;
  canSignOut: boolean;
  /** Looks anew who is signed in, in every tab. */
  recheck: () => void;
}

/** Shows the page to whoever is signed in, and everybody else how to sign in. */
export function AuthGate({ children }: { children: (visitor: Visitor) => ReactNode }) {
  const client = useQueryClient();
  const { data: who, failureCount } = useWhoAmI();
  useEffect(() => followOtherTabs(client), [client]);
  const recheck = useCallback(() => void invalidateEverywhere(client, keys.whoAmI), [client]);

  // With the server away the page says so itself.
  if (who === undefined && failureCount === 0) return null;
  if (who?.userId === null) return <SignInScreen mode={who.mode} />;
  return children({
    userId: who?.userId,
    canSignOut: who !== undefined && who.mode !== "local",
    recheck,
  });
}
