import { z } from 'zod';
import type { ChatRequest, ReasoningEffort, Sampling } from '../../core/chat.ts';
import { GatewayError } from '../../core/errors.ts';
import { toNumber } from '../../core/raw-number.ts';
import { bounds, defined, field, rawInteger } from '../fields.ts';

/** Ollama cuts fractions off where it wants whole numbers. */
const whole = z
  .union([z.number(), rawInteger.transform(toNumber)])
  .transform(Math.trunc)
  .nullish();

export const optionsSchema = z.looseObject({
  temperature: bounds.temperature,
  top_p: bounds.topP,
  top_k: whole,
  min_p: bounds.topP,
  seed: z.union([z.number().transform(Math.trunc), rawInteger]).nullish(),
  num_predict: whole,
  num_ctx: whole,
  stop: z.union([z.array(z.string()).max(64), z.string()]).nullish(),
  presence_penalty: bounds.penalty,
  frequency_penalty: bounds.penalty,
  repeat_penalty: bounds.penalty,
});

const KNOWN = new Set(Object.keys(optionsSchema.shape));

export interface OllamaOptions {
  readonly sampling: Sampling;
  readonly contextWindow?: number;
  /** Options only Ollama understands. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** Ollama's options map -> canonical sampling; what is not known stays for an Ollama upstream. */
export function toOptions(options: z.infer<typeof optionsSchema> | null | undefined): OllamaOptions {
  if (!options) return { sampling: {}, extra: {} };
  const predict = options.num_predict;
  const extra: Record<string, unknown> = {};
  for (const key in options) if (!KNOWN.has(key)) extra[key] = options[key];
  return {
    sampling: defined({
      temperature: options.temperature,
      topP: options.top_p,
      topK: options.top_k,
      minP: options.min_p,
      seed: options.seed,
      // -1 and -2 mean "no limit of its own" to Ollama.
      maxOutputTokens: typeof predict === 'number' && predict > 0 ? predict : undefined,
      stop: typeof options.stop === 'string' ? [options.stop] : options.stop,
      presencePenalty: options.presence_penalty,
      frequencyPenalty: options.frequency_penalty,
      repeatPenalty: options.repeat_penalty,
    }),
    ...(typeof options.num_ctx === 'number' && options.num_ctx > 0 && { contextWindow: options.num_ctx }),
    extra,
  };
}

const UNIT_S: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** A Go duration ('1h30m', '-1s') or a number of seconds -> seconds. A bare number in a string has no unit and is refused, as by Ollama. */
export function toKeepAlive(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && value.length <= 64) {
    if (value === '0') return 0;
    const parts = [...value.matchAll(/(\d{1,12}(?:\.\d{1,9})?)(ns|us|µs|ms|s|m|h)/g)];
    const sign = value.startsWith('-') ? -1 : 1;
    const digits = value.replace(/^[-+]/, '');
    if (parts.length > 0 && parts.map((part) => part[0]).join('') === digits) {
      return sign * parts.reduce((sum, part) => sum + Number(part[1]) * (UNIT_S[part[2] ?? ''] ?? 0), 0);
    }
  }
  throw field('keep_alive', `'keep_alive' must be seconds or a duration with a unit such as "5m", "300ms" or "-1s".`);
}

const LEVELS = new Set(['low', 'medium', 'high', 'max']);

export function toThink(think: unknown): ReasoningEffort | undefined {
  if (think === undefined || think === null || think === '') return undefined;
  if (think === true) return 'medium';
  if (think === false) return 'none';
  if (typeof think === 'string' && LEVELS.has(think)) return think as ReasoningEffort;
  throw field('think', `invalid think value: ${JSON.stringify(think).slice(0, 40)} (must be "high", "medium", "low", "max", true, or false)`);
}

export function toFormat(format: unknown): ChatRequest['responseFormat'] {
  if (format === undefined || format === null || format === '') return { type: 'text' };
  if (format === 'json') return { type: 'json' };
  if (typeof format === 'object' && !Array.isArray(format)) return { type: 'json', schema: format as Record<string, unknown> };
  throw field('format', `invalid format: ${JSON.stringify(format).slice(0, 80)}; expected "json" or a JSON Schema object`);
}

/** Ollama checks this before it looks the model up. */
export function toLogprobs(logprobs: boolean | null | undefined, top: number | null | undefined): number | undefined {
  if (top !== undefined && top !== null && (top < 0 || top > 20)) {
    throw new GatewayError('invalid-request', 'top_logprobs must be between 0 and 20', { param: 'top_logprobs' });
  }
  return logprobs === true ? (top ?? 0) : undefined;
}
