import { describe, expect, it } from "vitest";

import { problemFrom } from "./problem";
import { retryAfterMs } from "./retry-after";

function answer(status: number, headers: Record<string, string> = {}) {
  return { status, headers: new Headers(headers) };
}

describe("problemFrom", () => {
  it("keeps what a problem says", () => {
    const body = {
      code: "invalid_query",
      detail: "The title is empty.",
      errors: [{ field: "title", message: "too short" }],
      generation: { jobId: "j1" },
    };
    const error = problemFrom(answer(422, { "Retry-After": "2" }), body);
    expect(error).toMatchObject({ status: 422, code: "invalid_query", retryAfterMs: 2_000 });
    expect(error.message).toBe("The title is empty.");
    expect(error.fields).toEqual([{ field: "title", message: "too short" }]);
    expect(error.body["generation"]).toEqual({ jobId: "j1" });
    expect(error.isTransient).toBe(false);
  });

  it("takes a gateway's own answer for a lost connection", () => {
    expect(problemFrom(answer(502), "<html>Bad gateway</html>").isConnection).toBe(true);
  });

  it("tells a busy server from one that is away", () => {
    const busy = problemFrom(answer(503), { code: "unavailable", detail: "Redis is away." });
    expect(busy.isConnection).toBe(false);
    expect(busy.isTransient).toBe(true);
  });
});

describe("retryAfterMs", () => {
  it("reads seconds and dates", () => {
    const now = Date.parse("2026-11-22T10:00:00Z");
    expect(retryAfterMs("3", now)).toBe(3_000);
    expect(retryAfterMs("Sun, 22 Nov 2026 10:00:05 GMT", now)).toBe(5_000);
    expect(retryAfterMs("Sun, 22 Nov 2026 09:00:00 GMT", now)).toBe(0);
  });

  it("ignores what it can't read", () => {
    expect(retryAfterMs(null)).toBeUndefined();
    expect(retryAfterMs("soon")).toBeUndefined();
  });
});
