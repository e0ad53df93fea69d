/** What can go wrong, as the caller must understand it: HTTP status, and whether trying again can help. */
const KINDS = {
  'invalid-request': { status: 400, retryable: false },
  'context-too-long': { status: 400, retryable: false },
  unauthorized: { status: 401, retryable: false },
  forbidden: { status: 403, retryable: false },
  'not-found': { status: 404, retryable: false },
  'model-not-found': { status: 404, retryable: false },
  'method-not-allowed': { status: 405, retryable: false },
  conflict: { status: 409, retryable: false },
  'too-large': { status: 413, retryable: false },
  'unsupported-media': { status: 415, retryable: false },
  unprocessable: { status: 422, retryable: false },
  'rate-limited': { status: 429, retryable: true },
  'client-closed': { status: 499, retryable: false },
  internal: { status: 500, retryable: false },
  'upstream-failed': { status: 502, retryable: true },
  unavailable: { status: 503, retryable: true },
  'upstream-timeout': { status: 504, retryable: true },
} as const;

export type ErrorKind = keyof typeof KINDS;

export interface ErrorDetails {
  /** What was caught; never shown to a client. */
  readonly cause?: unknown;
  /** The model ref ('provider/model') or provider the failure belongs to. */
  readonly target?: string;
  /** The request field that was wrong, as a dotted path. */
  readonly param?: string;
  /** Machine-readable code in OpenAI's sense, for example 'model_not_found'. */
  readonly code?: string;
  /** How long a client should wait before it tries again. */
  readonly retryAfterMs?: number;
  /** The status to send when the kind's own does not fit, for example an upstream's 422. */
  readonly status?: number;
  /** False when trying again cannot help although the kind usually allows it. */
  readonly retryable?: boolean;
  /** True where another target may still do it but a client that sends it again is not helped: what failed goes on failing. */
  readonly useless?: boolean;
}

/** The only error that crosses a module border. Its message is written for the person who meets it. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly kind: ErrorKind;
  readonly details: ErrorDetails;

  constructor(kind: ErrorKind, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.details = details;
  }

  /** HTTP status. */
  get status(): number {
    return this.details.status ?? KINDS[this.kind].status;
  }

  /** Whether the same request may succeed if it is sent again, here or at another provider. */
  get retryable(): boolean {
    return this.details.retryable ?? KINDS[this.kind].retryable;
  }

  /** Anything thrown, as a GatewayError; what is not one already becomes 'internal' and tells the client nothing. */
  static from(thrown: unknown): GatewayError {
    if (thrown instanceof GatewayError) return thrown;
    return new GatewayError('internal', 'The gateway failed to handle this request. The log has the details under its request id.', {
      cause: thrown,
    });
  }
}
