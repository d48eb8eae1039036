import { useEffect, useState } from "react";

import type { Artifacts } from "@/lib/api/types";

import { isUnsaved, useDraft } from "./drafts";
import type { Kind } from "./kinds";

/**
 * A person's change of the current version, from the first press to the saved version.
 * @param current the version that holds now; undefined before the first is made
 */
export function useEditing<K extends Kind>(
  sessionId: string,
  kind: K,
  current: Artifacts[K] | undefined,
) {
  const [draft, keep, latest] = useDraft(sessionId, kind);
  const [isAsking, setAsking] = useState(false);
  const [afterwards, setAfterwards] = useState<(() => void) | null>(null);

  const isBehind = draft !== null && !isUnsaved(draft) && draft.of.version !== current?.version;
  useEffect(() => {
    // Nothing was changed yet, so the newer version is what is changed from here on.
    if (isBehind && current !== undefined) keep({ of: current });
  });

  const stop = (then: () => void) => {
    keep(null);
    then();
  };
  return {
    isEditing: draft !== null,
    /** The form starts anew with another version. */
    of: draft?.of.version,
    start: () => current && keep({ of: current }),
    /** Does `then` and ends the change, at once or after the person said that it may be dropped. */
    leave: (then: () => void) => {
      if (!isUnsaved(latest())) stop(then);
      else {
        setAfterwards(() => then);
        setAsking(true);
      }
    },
    question: {
      open: isAsking,
      onOpenChange: setAsking,
      onConfirm: () => stop(afterwards ?? (() => undefined)),
    },
  };
}
