import { ApiError } from "./api/problem";

const FIRST_POLL_MS = 300;
const SLOWEST_POLL_MS = 8_000;
const FIRST_RETRY_MS = 1_000;
const SLOWEST_RETRY_MS = 15_000;
const JITTER = 0.2;

type Random = () => number;

/** Never shorter than asked for, so that `Retry-After` holds; up to a fifth longer. */
function withJitter(ms: number, random: Random): number {
  return Math.round(ms * (1 + JITTER * random()));
}

/**
 * When to look at a job again.
 * @param unchanged how many answers in a row said the same
 * @param retryAfterMs what the server asked for, the least we wait
 */
export function pollDelayMs(
  { unchanged, retryAfterMs }: { unchanged: number; retryAfterMs?: number | undefined },
  random: Random = Math.random,
): number {
  const backoff = Math.min(FIRST_POLL_MS * 1.6 ** unchanged, SLOWEST_POLL_MS);
  return withJitter(Math.max(backoff, retryAfterMs ?? 0), random);
}

/** When to repeat a read that failed for the `failures`-th time (0 is the first). */
export function retryDelayMs(failures: number, error: unknown, random: Random = Math.random): number {
  const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
  const backoff = Math.min(FIRST_RETRY_MS * 2 ** failures, SLOWEST_RETRY_MS);
  return withJitter(Math.max(backoff, asked), random);
}

/** Reads are repeated for as long as another try can help; anything else fails at once. */
export function shouldRetry(_failures: number, error: unknown): boolean {
  return error instanceof ApiError && error.isTransient;
}
