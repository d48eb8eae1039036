import { useQueryClient } from "@tanstack/react-query";
import pLimit from "p-limit";
import { useCallback, useReducer } from "react";

import { invalidateEverywhere } from "@/lib/api/invalidate";
import { keys } from "@/lib/api/keys";

import { uploadMaterial, type Addition } from "./upload";
import { uploadsReducer, type Upload } from "./uploads-reducer";

const AT_ONCE = 2;
const limit = pLimit(AT_ONCE);

function titleOf(addition: Addition): string {
  return "file" in addition ? addition.file.name : addition.title;
}

/** The files and texts on their way into a session; those that arrive leave the list. */
export function useUploads(sessionId: string, onAdded: (title: string) => void) {
  const client = useQueryClient();
  const [uploads, dispatch] = useReducer(uploadsReducer, []);

  const start = useCallback(
    async (id: string, addition: Addition) => {
      try {
        await limit(() =>
          uploadMaterial(sessionId, addition, (sent) => dispatch({ type: "sent", id, sent })),
        );
      } catch (error) {
        dispatch({ type: "refused", id, error });
        return;
      }
      await invalidateEverywhere(client, keys.materials(sessionId), keys.sessions);
      dispatch({ type: "gone", id });
      onAdded(titleOf(addition));
    },
    [client, sessionId, onAdded],
  );

  const add = useCallback(
    (additions: Addition[]) => {
      for (const addition of additions) {
        const id = crypto.randomUUID();
        dispatch({ type: "added", id, addition, title: titleOf(addition) });
        void start(id, addition);
      }
    },
    [start],
  );
  const again = useCallback(
    (upload: Upload) => {
      dispatch({ type: "again", id: upload.id });
      void start(upload.id, upload.addition);
    },
    [start],
  );
  const dismiss = useCallback((upload: Upload) => dispatch({ type: "gone", id: upload.id }), []);
  return { uploads, add, again, dismiss };
}
