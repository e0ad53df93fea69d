import { z } from 'zod';
import { GatewayError } from '../../core/errors.ts';
import { parseBody } from '../fields.ts';
import { expirySchema, toSeconds } from './files.ts';

export const BATCH_ENDPOINTS = ['/v1/chat/completions', '/v1/completions', '/v1/embeddings', '/v1/responses'] as const;
export type BatchEndpoint = (typeof BATCH_ENDPOINTS)[number];

/** A batch may take a day, as in the hosted API. */
export const BATCH_WINDOW_MS = 24 * 3_600_000;

const schema = z.object({
  input_file_id: z.string().min(1).max(200),
  endpoint: z.enum(BATCH_ENDPOINTS, `expected one of ${BATCH_ENDPOINTS.join(', ')}`),
  completion_window: z.literal('24h', 'expected "24h"'),
  metadata: z
    .record(z.string().max(64), z.string().max(512))
    .refine((value) => Object.keys(value).length <= 16, 'holds more than 16 entries')
    .nullish(),
  output_expires_after: expirySchema.nullish(),
});

export interface DecodedBatch {
  readonly inputFileId: string;
  readonly endpoint: BatchEndpoint;
  readonly completionWindow: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly outputExpiresAfterS?: number;
}

/** POST /v1/batches. */
export function decodeBatch(input: unknown): DecodedBatch {
  const body = parseBody(schema, input);
  return {
    inputFileId: body.input_file_id,
    endpoint: body.endpoint,
    completionWindow: body.completion_window,
    ...(body.metadata && { metadata: body.metadata }),
    ...(body.output_expires_after && { outputExpiresAfterS: body.output_expires_after.seconds }),
  };
}

export const batchNotFound = (id: string): GatewayError =>
  new GatewayError('not-found', `No batch found with id '${id.slice(0, 100)}'.`, { param: 'id', code: 'batch_not_found' });

/** What is known of a batch; times in epoch ms. */
export interface BatchFacts {
  readonly id: string;
  readonly endpoint: string;
  readonly inputFileId: string;
  readonly completionWindow: string;
  readonly status: string;
  readonly outputFileId?: string;
  readonly errorFileId?: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly inProgressAt?: number;
  readonly finalizingAt?: number;
  readonly completedAt?: number;
  readonly failedAt?: number;
  readonly expiredAt?: number;
  readonly cancellingAt?: number;
  readonly cancelledAt?: number;
  readonly counts: { readonly total: number; readonly completed: number; readonly failed: number };
  readonly model?: string;
  readonly usage?: unknown;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly errors?: readonly unknown[];
}

const at = (ms: number | undefined): number | null => (ms === undefined ? null : toSeconds(ms));

export const toBatchObject = (batch: BatchFacts): object => ({
  id: batch.id,
  object: 'batch',
  endpoint: batch.endpoint,
  ...(batch.model !== undefined && { model: batch.model }),
  errors: batch.errors === undefined ? null : { object: 'list', data: batch.errors },
  input_file_id: batch.inputFileId,
  completion_window: batch.completionWindow,
  status: batch.status,
  output_file_id: batch.outputFileId ?? null,
  error_file_id: batch.errorFileId ?? null,
  created_at: toSeconds(batch.createdAt),
  in_progress_at: at(batch.inProgressAt),
  expires_at: toSeconds(batch.expiresAt),
  finalizing_at: at(batch.finalizingAt),
  completed_at: at(batch.completedAt),
  failed_at: at(batch.failedAt),
  expired_at: at(batch.expiredAt),
  cancelling_at: at(batch.cancellingAt),
  cancelled_at: at(batch.cancelledAt),
  request_counts: batch.counts,
  ...(batch.usage !== undefined && { usage: batch.usage }),
  metadata: batch.metadata ?? null,
});
