/** One call of the gateway's own HTTP API, made for an MCP client with that client's key. */
export interface ApiCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  /** Headers of the HTTP request that carried the tool call; absent over stdio. */
  readonly from: Readonly<Record<string, string | readonly string[] | undefined>> | undefined;
  readonly signal: AbortSignal;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
}

/** Never throws for an error status; throws an Error in words when no gateway answers. */
export type Api = (call: ApiCall) => Promise<ApiAnswer>;

/** The gateway said no; the message is for the person at the other end. */
export class ApiError extends Error {}

/** The body of a good answer. Throws ApiError with the gateway's own words for any other. */
export function bodyOf({ status, body }: ApiAnswer): unknown {
  if (status >= 200 && status < 300) return body;
  const { error } = (typeof body === 'object' && body !== null ? body : {}) as { error?: string | { message?: string } };
  throw new ApiError((typeof error === 'string' ? error : error?.message) ?? `The gateway answered with status ${status}.`);
}
