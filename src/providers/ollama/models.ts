import { z } from 'zod';
import type { Capability, DiscoveredModel } from '../../core/model.ts';

type Get = (path: string, signal: AbortSignal) => Promise<unknown>;
type Post = (path: string, body: object, signal: AbortSignal) => Promise<unknown>;

const detailsSchema = z.looseObject({
  parent_model: z.string().nullish(),
  format: z.string().nullish(),
  family: z.string().nullish(),
  families: z.array(z.string()).nullish(),
  parameter_size: z.string().nullish(),
  quantization_level: z.string().nullish(),
});

const tagsSchema = z.looseObject({
  models: z
    .array(
      z.looseObject({
        name: z.string(),
        modified_at: z.string().default(''),
        size: z.number().default(0),
        digest: z.string().optional(),
        details: detailsSchema.nullish(),
      }),
    )
    .nullish(),
});

const showSchema = z.looseObject({
  details: detailsSchema.nullish(),
  model_info: z.record(z.string(), z.unknown()).nullish(),
  capabilities: z.array(z.string()).nullish(),
  parameters: z.string().nullish(),
});

/** Shows asked at once: a host with hundreds of models must not be flooded. */
const SHOWS_AT_ONCE = 4;

/** A model as its host describes it. */
export interface Discovered {
  readonly model: DiscoveredModel;
  /** num_ctx of its Modelfile: what it is loaded with when nobody asks for another window. */
  readonly initialWindow?: number;
}

/** All models of one host: /api/tags, and /api/show for what the list does not tell. One model's failing show costs its details only. */
export async function discover(get: Get, post: Post, signal: AbortSignal): Promise<Discovered[]> {
  // The virtual models of another gateway are not models: listed here they would hide our own of the same name.
  const tags = (tagsSchema.parse(await get('/api/tags', signal)).models ?? []).filter(({ details }) => details?.format !== 'virtual');
  const found: Discovered[] = new Array(tags.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < tags.length; index = next++) {
      const tag = tags[index] as (typeof tags)[number];
      const show = await post('/api/show', { model: tag.name }, signal)
        .then((body) => showSchema.parse(body))
        .catch(() => undefined);
      found[index] = toModel(tag, show);
    }
  };
  await Promise.all(Array.from({ length: Math.min(SHOWS_AT_ONCE, tags.length) }, worker));
  return found;
}

function toModel(
  tag: { name: string; modified_at: string; size: number; digest?: string | undefined; details?: z.infer<typeof detailsSchema> | null | undefined },
  show: z.infer<typeof showSchema> | undefined,
): Discovered {
  const details = { ...tag.details, ...show?.details };
  const info = show?.model_info ?? {};
  const number = (ending: string): number | undefined => {
    const key = Object.keys(info).find((name) => name.endsWith(ending));
    const value = key === undefined ? undefined : info[key];
    return typeof value === 'number' ? value : undefined;
  };
  const modifiedAt = Date.parse(tag.modified_at);
  const embedding = number('.embedding_length');
  const heads = number('.attention.head_count');
  const numCtx = /^num_ctx\s+"?(\d{1,9})/m.exec(show?.parameters ?? '')?.[1];
  const initialWindow = numCtx === undefined ? undefined : Number(numCtx);
  const optional: Partial<DiscoveredModel> = Object.fromEntries(
    Object.entries({
      digest: tag.digest,
      // A model without a date has the year 1.
      modifiedAt: modifiedAt > 0 ? modifiedAt : undefined,
      ownedBy: tag.name.split('/').at(-2),
      family: details.family || undefined,
      families: details.families ?? undefined,
      format: details.format || undefined,
      parameterSize: details.parameter_size || undefined,
      parameters: number('general.parameter_count') ?? parseSize(details.parameter_size),
      quantization: details.quantization_level || undefined,
      parentModel: details.parent_model || undefined,
      contextWindow: number('.context_length') ?? initialWindow,
      embeddingLength: embedding,
      capabilities: show?.capabilities as Capability[] | undefined,
      blockCount: number('.block_count'),
      headCountKv: number('.attention.head_count_kv'),
      headDim: number('.attention.key_length') ?? (embedding !== undefined && heads ? embedding / heads : undefined),
    }).filter(([, value]) => value !== undefined),
  );
  return { model: { name: tag.name, sizeBytes: tag.size, ...optional }, ...(initialWindow !== undefined && { initialWindow }) };
}

/** '7.6B', '135M' -> a number of parameters. */
export function parseSize(text: string | null | undefined): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([KMBT])$/i.exec(text?.trim() ?? '');
  const scale: Readonly<Record<string, number>> = { K: 1e3, M: 1e6, B: 1e9, T: 1e12 };
  return match === null ? undefined : Number(match[1]) * (scale[(match[2] ?? '').toUpperCase()] ?? 1);
}
