import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api, call } from "@/lib/api/client";
import { invalidateEverywhere } from "@/lib/api/invalidate";
import { keys } from "@/lib/api/keys";

/** What a person says about a session; an empty field is one not filled in. */
export interface SessionDraft {
  title: string;
  goal: string;
  focus: string;
  tone: string;
  language: string;
}

/** A field that isn't filled in is told as null, which also empties it. */
function bodyOf({ title, goal, focus, tone, language }: SessionDraft) {
  return {
    title,
    goal: goal.trim() || null,
    focus: focus.trim() || null,
    tone: tone.trim() || null,
    language: language || null,
  };
}

export function useCreateSession() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (draft: SessionDraft) => {
      const answer = await call(api.POST("/sessions", { body: bodyOf(draft) }));
      return answer.data;
    },
    onSuccess: (session) => {
      client.setQueryData(keys.session(session.id), session);
      return invalidateEverywhere(client, keys.sessions);
    },
  });
}

export function useUpdateSession(sessionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (draft: SessionDraft) => {
      const params = { path: { session_id: sessionId } };
      const answer = await call(api.PATCH("/sessions/{session_id}", { params, body: bodyOf(draft) }));
      return answer.data;
    },
    onSuccess: (session) => {
      client.setQueryData(keys.session(session.id), session);
      return invalidateEverywhere(client, keys.sessions, keys.session(sessionId));
    },
  });
}

export function useDeleteSession(sessionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const params = { path: { session_id: sessionId } };
      await call(api.DELETE("/sessions/{session_id}", { params }));
    },
    onSuccess: () => invalidateEverywhere(client, keys.sessions),
  });
}
