import { GatewayError } from '../core/errors.ts';
import type { LineResult, StoredBatch } from '../state/records.ts';
import { type LineProblem, readLine } from './batch-lines.ts';
import type { ReadyLine } from './batch-source.ts';

/** What the gateway answered to one line. */
export interface LineAnswer {
  readonly status: number;
  /** The answer of the endpoint, or its error object. */
  readonly body: object;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
}

/** Carries one line out. Throws GatewayError only; `fail` writes one in the form of the endpoint. */
export interface LineGateway {
  run(batch: StoredBatch, body: Readonly<Record<string, unknown>>, requestId: string, signal: AbortSignal): Promise<LineAnswer>;
  fail(error: GatewayError): object;
}

export interface RunLineOptions {
  readonly gateway: LineGateway;
  readonly createId: () => string;
  /** Waits between attempts, ms; as many attempts more as there are waits. */
  readonly retryMs: readonly number[];
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

const lineId = (requestId: string): string => `batch_req_${requestId.replaceAll('-', '')}`;

/** The error file's line for a request that was never carried out. */
export function unrunnable(line: number, customId: string | undefined, problem: Pick<LineProblem, 'code' | 'message'>, requestId: string): LineResult {
  const error = { code: problem.code, message: problem.message };
  return { line, outcome: 'failed', json: JSON.stringify({ id: lineId(requestId), custom_id: customId ?? null, response: null, error }) };
}

/** The queue of a provider is full of interactive requests: no fault of the line, so it waits as long as the batch may. */
const isBusy = ({ details }: GatewayError): boolean => details.code === 'queue_full' || details.code === 'queue_timeout';

/** Runs one line to its one result; failures that may pass are tried again. Throws only when `signal` fires. */
export function createLineRunner({ gateway, createId, retryMs, sleep }: RunLineOptions) {
  return async (batch: StoredBatch, ready: ReadyLine & { readonly bytes: Buffer }, signal: AbortSignal): Promise<LineResult> => {
    const { line, customId } = ready;
    const requestId = createId();
    const read = readLine({ line, bytes: ready.bytes }, batch.endpoint);
    if (read.body === undefined) {
      return unrunnable(line, read.customId, read.problem ?? { code: 'invalid_json_line', message: `Line ${line + 1} cannot be read.` }, requestId);
    }
    const written = (outcome: 'completed' | 'failed', answer: LineAnswer): LineResult => ({
      line,
      outcome,
      json: JSON.stringify({
        id: lineId(requestId),
        custom_id: customId,
        response: { status_code: answer.status, request_id: requestId, body: answer.body },
        error: null,
      }),
      ...(answer.inputTokens !== undefined && { inputTokens: answer.inputTokens }),
      ...(answer.outputTokens !== undefined && { outputTokens: answer.outputTokens }),
    });
    for (let attempt = 0; ; attempt += isLast(attempt, retryMs) ? 0 : 1) {
      try {
        return written('completed', await gateway.run(batch, read.body, requestId, signal));
      } catch (thrown) {
        signal.throwIfAborted();
        const error = GatewayError.from(thrown);
        const again = error.retryable && (isBusy(error) || attempt < retryMs.length);
        if (!again) return written('failed', { status: error.status, body: gateway.fail(error) });
        const wait = retryMs[Math.min(attempt, retryMs.length - 1)] ?? 1_000;
        await sleep(Math.max(wait, Math.min(60_000, error.details.retryAfterMs ?? 0)), signal);
      }
    }
  };
}

/** The counter stays at its end while only a full queue keeps the line waiting. */
const isLast = (attempt: number, retryMs: readonly number[]): boolean => attempt >= retryMs.length;
