/** How long to leave a stream alone that the server refused; polling goes on meanwhile. */
const REOPEN_MS = 15_000;
/** What comes in floods and changes nothing that a job's own answer tells. */
const UNTOLD = new Set(["text_delta", "tool_call", "tool_result"]);

interface Told {
  event: { type: string };
}

/** The streams that are open now, by job. */
const open = new Set<string>();

/** Whether each change of this job is told at once, so that nobody needs to ask for it. */
export function isFollowedLive(jobId: string): boolean {
  return open.has(jobId);
}

/**
 * Follows a job's events until it ends. The browser reconnects by itself and goes on where it was;
 * where it gives up (an error answer), the stream is opened anew after a while.
 * @param onChange called when the job has changed, or when changes may have been missed
 * @returns the way to stop
 */
export function followEvents(jobId: string, onChange: () => void): () => void {
  let lastId = "";
  let source: EventSource;
  let reopening: ReturnType<typeof setTimeout> | undefined;

  const connect = () => {
    const after = lastId === "" ? "" : `?last_event_id=${encodeURIComponent(lastId)}`;
    source = new EventSource(`/jobs/${encodeURIComponent(jobId)}/events${after}`);
    source.onopen = () => open.add(jobId);
    source.onmessage = ({ data, lastEventId }: MessageEvent<string>) => {
      lastId = lastEventId;
      if (!UNTOLD.has((JSON.parse(data) as Told).event.type)) onChange();
    };
    source.onerror = () => {
      open.delete(jobId);
      onChange();
      if (source.readyState === EventSource.CLOSED) reopening = setTimeout(connect, REOPEN_MS);
    };
  };
  connect();
  return () => {
    clearTimeout(reopening);
    source.close();
    open.delete(jobId);
  };
}
