import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api, call } from "@/lib/api/client";
import { invalidateEverywhere } from "@/lib/api/invalidate";
import { keys } from "@/lib/api/keys";
import { allPages } from "@/lib/api/pages";

export function useMaterials(sessionId: string) {
  return useQuery({
    queryKey: keys.materials(sessionId),
    queryFn: ({ signal }) =>
      allPages(async (cursor) => {
        const params = { path: { session_id: sessionId }, query: cursor };
        const answer = await call(api.GET("/sessions/{session_id}/materials", { params, signal }));
        return answer.data;
      }),
  });
}

export function useDeleteMaterial(sessionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (materialId: string) => {
      const params = { path: { session_id: sessionId, material_id: materialId } };
      await call(api.DELETE("/sessions/{session_id}/materials/{material_id}", { params }));
    },
    onSettled: () => invalidateEverywhere(client, keys.materials(sessionId), keys.sessions),
  });
}
