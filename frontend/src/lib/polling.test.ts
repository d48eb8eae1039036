import { describe, expect, it } from "vitest";

import { ApiError } from "./api/problem";
import { pollDelayMs, retryDelayMs, shouldRetry } from "./polling";

const least = () => 0;
const most = () => 0.999_999;

describe("pollDelayMs", () => {
  it("grows while nothing changes, up to a limit", () => {
    const delays = [0, 1, 2, 5, 50].map((unchanged) => pollDelayMs({ unchanged }, least));
    expect(delays).toEqual([...delays].sort((a, b) => a - b));
    expect(delays[0]).toBe(300);
    expect(delays.at(-1)).toBe(8_000);
  });

  it("never comes back before Retry-After", () => {
    expect(pollDelayMs({ unchanged: 0, retryAfterMs: 3_000 }, least)).toBe(3_000);
    expect(pollDelayMs({ unchanged: 50, retryAfterMs: 1_000 }, least)).toBe(8_000);
  });

  it("spreads callers over a fifth of the delay", () => {
    expect(pollDelayMs({ unchanged: 0 }, most)).toBe(360);
  });
});

describe("retryDelayMs", () => {
  it("doubles up to a limit", () => {
    const lost = ApiError.connection();
    expect([0, 1, 2, 10].map((n) => retryDelayMs(n, lost, least))).toEqual([
      1_000, 2_000, 4_000, 15_000,
    ]);
  });

  it("waits as long as the server asked", () => {
    const busy = new ApiError(429, "quota", "", { retryAfterMs: 30_000 });
    expect(retryDelayMs(0, busy, least)).toBe(30_000);
  });
});

describe("shouldRetry", () => {
  it("goes on only where another try can help", () => {
    expect(shouldRetry(100, ApiError.connection())).toBe(true);
    expect(shouldRetry(0, new ApiError(503, "unavailable", ""))).toBe(true);
    expect(shouldRetry(0, new ApiError(404, "session_not_found", ""))).toBe(false);
    expect(shouldRetry(0, new TypeError("a mistake of ours"))).toBe(false);
  });
});
