import { retryAfterMs } from "./retry-after";

export interface FieldProblem {
  field: string;
  message: string;
}

/** An answer that isn't a success (RFC 9457), or no answer at all (`code` is "connection"). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfterMs: number | undefined;
  readonly fields: readonly FieldProblem[];
  /** The whole problem, for members that belong to one code only. */
  readonly body: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    code: string,
    detail: string,
    more: {
      retryAfterMs?: number | undefined;
      fields?: readonly FieldProblem[];
      body?: Record<string, unknown>;
      cause?: unknown;
    } = {},
  ) {
    super(detail, { cause: more.cause });
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.retryAfterMs = more.retryAfterMs;
    this.fields = more.fields ?? [];
    this.body = more.body ?? {};
  }

  static connection(cause?: unknown): ApiError {
    return new ApiError(0, "connection", "", { cause });
  }

  /** Nobody answered: the server is away or the network is. */
  get isConnection(): boolean {
    return this.code === "connection";
  }

  /** Another try of the same read can help. */
  get isTransient(): boolean {
    return this.isConnection || this.status === 429 || this.status >= 500;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fieldsOf(body: Record<string, unknown>): FieldProblem[] {
  const errors = Array.isArray(body["errors"]) ? body["errors"] : [];
  return errors.filter(isRecord).map((error) => ({
    field: typeof error["field"] === "string" ? error["field"] : "",
    message: typeof error["message"] === "string" ? error["message"] : "",
  }));
}

/** Turns an unsuccessful response and its parsed body into an error. */
export function problemFrom(
  response: Pick<Response, "status" | "headers">,
  parsed: unknown,
): ApiError {
  const retry = retryAfterMs(response.headers.get("Retry-After"));
  if (isRecord(parsed) && typeof parsed["code"] === "string") {
    const detail = typeof parsed["detail"] === "string" ? parsed["detail"] : "";
    return new ApiError(response.status, parsed["code"], detail, {
      retryAfterMs: retry,
      fields: fieldsOf(parsed),
      body: parsed,
    });
  }
  // A gateway's own answer: the API behind it is away.
  if ([502, 503, 504].includes(response.status)) return ApiError.connection();
  return new ApiError(response.status, "internal", "", { retryAfterMs: retry });
}
