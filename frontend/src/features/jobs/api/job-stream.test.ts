import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { followEvents, isFollowedLive } from "./job-stream";

class FakeSource {
  static readonly CLOSED = 2;
  static made: FakeSource[] = [];
  readyState = 0;
  onopen: (() => void) | undefined;
  onmessage: ((event: { data: string; lastEventId: string }) => void) | undefined;
  onerror: (() => void) | undefined;
  close = vi.fn();

  constructor(readonly url: string) {
    FakeSource.made.push(this);
  }

  tell(type: string, lastEventId: string): void {
    this.onmessage?.({ data: JSON.stringify({ event: { type } }), lastEventId });
  }

  breakOff(readyState: number): void {
    this.readyState = readyState;
    this.onerror?.();
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeSource.made = [];
  vi.stubGlobal("EventSource", FakeSource);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function follow() {
  const onChange = vi.fn();
  const stop = followEvents("j1", onChange);
  const [source] = FakeSource.made as [FakeSource];
  source.onopen?.();
  return { onChange, stop, source };
}

it("tells of changes, and not of floods of text", () => {
  const { onChange, stop, source } = follow();
  source.tell("text_delta", "1-0");
  expect(onChange).not.toHaveBeenCalled();
  source.tell("progress", "2-0");
  expect(onChange).toHaveBeenCalledTimes(1);
  stop();
  expect(source.close).toHaveBeenCalled();
});

it("is live while it is open only, so that polling steps in when it breaks", () => {
  const { onChange, stop, source } = follow();
  expect(isFollowedLive("j1")).toBe(true);
  source.breakOff(0);
  expect(isFollowedLive("j1")).toBe(false);
  expect(onChange).toHaveBeenCalledTimes(1);
  // The browser reconnects by itself.
  source.onopen?.();
  expect(isFollowedLive("j1")).toBe(true);
  stop();
  expect(isFollowedLive("j1")).toBe(false);
});

it("comes back later to a server that refused it, and goes on where it was", () => {
  const { stop, source } = follow();
  source.tell("progress", "7-0");
  source.breakOff(FakeSource.CLOSED);
  vi.advanceTimersByTime(15_000);
  expect(FakeSource.made.map(({ url }) => url)).toEqual([
    "/jobs/j1/events",
    "/jobs/j1/events?last_event_id=7-0",
  ]);
  stop();
  FakeSource.made[1]?.breakOff(FakeSource.CLOSED);
});
