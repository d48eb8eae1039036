import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api, call } from "@/lib/api/client";
import { invalidateEverywhere } from "@/lib/api/invalidate";
import { keys } from "@/lib/api/keys";

/** Signs in with a token, which goes into a cookie that no script can read. */
export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (token: string) => call(api.POST("/login", { body: { token } })),
    onSuccess: () => invalidateEverywhere(client, keys.whoAmI),
  });
}

/** Signs this browser out. */
export function useSignOut(onSignedOut: () => void) {
  return useMutation({ mutationFn: () => call(api.POST("/logout")), onSuccess: onSignedOut });
}
