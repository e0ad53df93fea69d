import { z } from 'zod';
import type { ChatRequest, ContentPart, Tool } from '../core/chat.ts';
import { GatewayError } from '../core/errors.ts';
import { isRawNumber, type RawNumber } from '../core/raw-number.ts';

/** Largest decoded image, bytes. */
const MAX_IMAGE_BYTES = 32 << 20;

/** An integer beyond 2^53, digit by digit; only seeds are so long. */
export const rawInteger = z.custom<RawNumber>(isRawNumber, 'expected a number');

/** Bounds that every face shares; beyond them a request is refused before any model sees it. */
export const bounds = {
  temperature: z.number().min(0).max(5).nullish(),
  topP: z.number().min(0).max(1).nullish(),
  topK: z.number().int().min(-1).max(1_000_000).nullish(),
  penalty: z.number().min(-10).max(10).nullish(),
  seed: z.union([z.number(), rawInteger]).nullish(),
  tokens: z.number().int().min(1).max(100_000_000).nullish(),
  topLogprobs: z.number().int().min(0).max(20).nullish(),
  choices: z.number().int().min(1).max(16).nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(64)]).nullish(),
  model: z.string({ error: 'model is required' }).trim().min(1, 'model is required').max(512),
} as const;

/** Parses what a client sent; the first thing that does not fit becomes an 'invalid-request' naming its path. */
export function parseBody<S extends z.ZodType>(schema: S, body: unknown): z.infer<S> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw invalid(result.error);
}

function invalid(error: z.ZodError): GatewayError {
  const issue = deepest(error.issues[0]);
  const param = issue.path.length > 0 ? issue.path.map(String).join('.') : undefined;
  const what = param === undefined ? 'The request body' : `'${param}'`;
  return new GatewayError('invalid-request', `${what}: ${issue.message}.`, param === undefined ? {} : { param });
}

/** A union's own message says nothing; the branch that got furthest says what was wrong. */
function deepest(issue: z.core.$ZodIssue | undefined): { path: readonly PropertyKey[]; message: string } {
  if (issue === undefined) return { path: [], message: 'is not what was expected' };
  if (issue.code !== 'invalid_union') return issue;
  let best: { path: readonly PropertyKey[]; message: string } = { path: [], message: 'has a type that is not accepted here' };
  for (const branch of issue.errors) {
    const candidate = deepest(branch[0]);
    if (candidate.path.length > best.path.length) best = candidate;
  }
  return { path: [...issue.path, ...best.path], message: best.message };
}

export const field = (param: string, message: string): GatewayError => new GatewayError('invalid-request', message, { param });

/** Refuses a choice that must call a tool where there is none to call. */
export function checkToolChoice(choice: ChatRequest['toolChoice'], tools: readonly Tool[]): void {
  if (tools.length === 0 && choice !== 'auto' && choice !== 'none')
    throw field('tool_choice', "'tool_choice' asks for a call, but 'tools' holds no tool to call.");
}

/** Says that tools were left out which only the maker's own service could run; nothing when there are none. */
export const leftOut = (types: readonly string[]): { readonly warning?: string } =>
  types.length === 0 ? {} : { warning: `left out, since only the hosted service can run them: ${types.map((type) => type.slice(0, 60)).join(', ')}` };

export const textPart = (text: string): ContentPart => ({ type: 'text', text });

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

const MAGIC: readonly (readonly [string, string])[] = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp'],
  ['Qk', 'image/bmp'],
];

/** An image from bare base64. The type is read from its first bytes, whatever the client called it. */
export function imageFromBase64(data: string, param: string): ContentPart {
  const clean = data.includes('\n') || data.includes('\r') ? data.replaceAll(/[\r\n]/g, '') : data;
  if (clean.length === 0 || clean.length % 4 === 1 || !BASE64.test(clean)) throw field(param, `'${param}' is not valid base64.`);
  if (clean.length * 0.75 > MAX_IMAGE_BYTES) throw field(param, `'${param}' is larger than ${MAX_IMAGE_BYTES >> 20} MiB.`);
  const type = MAGIC.find(([prefix]) => clean.startsWith(prefix))?.[1];
  if (type === undefined) throw field(param, `'${param}' is not a PNG, JPEG, GIF, WebP or BMP image.`);
  return { type: 'image', mediaType: type, data: clean };
}

const DATA_URL = /^data:([a-z0-9.+-]+\/[a-z0-9.+-]+)?(?:;[\w.+-]+=[^;,]*)*;base64,/i;

/** An image from a data URL. Other URLs are refused: the gateway fetches nothing on a client's word. */
export function imageFromUrl(url: string, param: string): ContentPart {
  const head = DATA_URL.exec(url.slice(0, 256));
  if (head === null) {
    throw field(param, `'${param}' must be a data URL (data:image/png;base64,...): this gateway does not fetch images from addresses.`);
  }
  return imageFromBase64(url.slice(head[0].length), param);
}

/** Everything in `body` that is not in `known`. */
export function rest(body: Readonly<Record<string, unknown>>, known: ReadonlySet<string>): Record<string, unknown> {
  let extra: Record<string, unknown> | undefined;
  for (const key in body) {
    if (known.has(key)) continue;
    extra ??= {};
    extra[key] = body[key];
  }
  return extra ?? {};
}

/** The object with its undefined values left out, for types that tell absent from undefined. */
export function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined | null> } {
  const out: Record<string, unknown> = {};
  for (const key in value) {
    const item = value[key];
    if (item !== undefined && item !== null) out[key] = item;
  }
  return out as { [K in keyof T]: Exclude<T[K], undefined | null> };
}
