import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { everySoOften } from "./every-so-often";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("acts at once, then no oftener than it may, and never forgets the last question", () => {
  const act = vi.fn();
  const { ask } = everySoOften(100, act);
  ask();
  ask();
  ask();
  expect(act).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(100);
  expect(act).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(1_000);
  expect(act).toHaveBeenCalledTimes(2);
  ask();
  expect(act).toHaveBeenCalledTimes(3);
});

it("does nothing more once it is stopped", () => {
  const act = vi.fn();
  const { ask, stop } = everySoOften(100, act);
  ask();
  ask();
  stop();
  vi.advanceTimersByTime(1_000);
  expect(act).toHaveBeenCalledTimes(1);
});
