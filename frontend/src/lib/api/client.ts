import createClient from "openapi-fetch";

import { ApiError, problemFrom } from "./problem";
import type { paths } from "./schema.gen";

/** The typed client; the page and the API share one origin. */
export const api = createClient<paths>({
  baseUrl: window.location.origin,
  // Looked up at call time, and the browser's cache asks anew with If-None-Match each time.
  fetch: (request) => globalThis.fetch(request, { cache: "no-cache" }),
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/**
 * Awaits a call of `api` and unwraps it.
 * @throws {ApiError} for every answer that isn't a success, and when no answer came.
 */
export async function call<T>(request: Promise<Answer<T>>): Promise<{ data: T; response: Response }> {
  let answer: Answer<T>;
  try {
    answer = await request;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw ApiError.connection(cause);
  }
  if (!answer.response.ok) throw problemFrom(answer.response, answer.error);
  return { data: answer.data as T, response: answer.response };
}
