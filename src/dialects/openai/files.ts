import { z } from 'zod';
import { GatewayError } from '../../core/errors.ts';
import { parseBody } from '../fields.ts';

const PURPOSES = ['assistants', 'batch', 'fine-tune', 'vision', 'user_data', 'evals'] as const;

/** Batch files: the hosted API's own limit, bytes. */
export const MAX_BATCH_BYTES = 200 * 1024 * 1024;
/** Batch files go after 30 days unless the client says when, as in the hosted API. */
const BATCH_LIFE_S = 30 * 24 * 3_600;
const MAX_FILENAME = 255;

/** What is known of a file; times in epoch ms. */
export interface FileFacts {
  readonly id: string;
  readonly filename: string;
  readonly purpose: string;
  readonly bytes: number;
  readonly createdAt: number;
  readonly expiresAt?: number;
}

export const toSeconds = (ms: number): number => Math.floor(ms / 1000);

export const toFileObject = ({ id, filename, purpose, bytes, createdAt, expiresAt }: FileFacts): object => ({
  id,
  object: 'file',
  bytes,
  created_at: toSeconds(createdAt),
  ...(expiresAt !== undefined && { expires_at: toSeconds(expiresAt) }),
  filename,
  purpose,
  status: 'processed',
  status_details: null,
});

export const fileNotFound = (id: string): GatewayError =>
  new GatewayError('not-found', `No such File object: ${id.slice(0, 100)}`, { param: 'id', code: 'file_not_found' });

export const expirySchema = z.strictObject({
  anchor: z.literal('created_at'),
  seconds: z.coerce.number().int().min(3_600).max(2_592_000),
});

const uploadSchema = z.object({
  purpose: z.enum(PURPOSES, `expected one of ${PURPOSES.join(', ')}`),
  'expires_after[anchor]': z.string().optional(),
  'expires_after[seconds]': z.string().optional(),
  expires_after: z.string().optional(),
});

/** The fields beside an uploaded file. `now`: epoch ms. */
export function decodeUpload(fields: Readonly<Record<string, string>>, filename: string | undefined, now: number) {
  const { purpose, ...rest } = parseBody(uploadSchema, fields);
  const anchor = rest['expires_after[anchor]'];
  const seconds = rest['expires_after[seconds]'];
  const expiry =
    anchor === undefined && seconds === undefined ? undefined : parseBody(z.object({ expires_after: expirySchema }), { expires_after: { anchor, seconds } });
  const life = expiry?.expires_after.seconds ?? (purpose === 'batch' ? BATCH_LIFE_S : undefined);
  return {
    purpose,
    filename: (filename ?? '').slice(-MAX_FILENAME) || 'upload',
    ...(life !== undefined && { expiresAt: now + life * 1000 }),
  };
}

const pageOf = (max: number, normal: number) =>
  z.object({
    after: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(max).default(normal),
    order: z.enum(['asc', 'desc']).default('desc'),
    purpose: z.string().max(100).optional(),
  });

const filePage = pageOf(10_000, 10_000);
const batchPage = pageOf(100, 20);

export interface ListQuery {
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  readonly after?: string;
  readonly purpose?: string;
}

function decodePage(schema: typeof filePage, query: unknown): ListQuery {
  const { after, purpose, ...page } = parseBody(schema, query);
  return { ...page, ...(after !== undefined && { after }), ...(purpose !== undefined && { purpose }) };
}

export const decodeFilePage = (query: unknown): ListQuery => decodePage(filePage, query);
export const decodeBatchPage = (query: unknown): ListQuery => decodePage(batchPage, query);

/** A page as SDKs walk through it: the id of the last item is the next `after`. */
export function toPage<T extends { readonly id: string }>(items: readonly T[], hasMore: boolean, toObject: (item: T) => object): object {
  return { object: 'list', data: items.map(toObject), first_id: items[0]?.id ?? null, last_id: items.at(-1)?.id ?? null, has_more: hasMore };
}
