import { useQuery } from "@tanstack/react-query";

import { api, call } from "@/lib/api/client";
import { keys } from "@/lib/api/keys";

/** Who is signed in. Asked again when the window is seen again, and after a 401. */
export function useWhoAmI() {
  return useQuery({
    queryKey: keys.whoAmI,
    queryFn: async ({ signal }) => (await call(api.GET("/whoami", { signal }))).data,
  });
}
