import { z } from 'zod';
import type { ChatRequest, ReasoningEffort, Sampling } from '../../core/chat.ts';
import { GatewayError } from '../../core/errors.ts';
import { defined, field, rawInteger } from '../fields.ts';

/** Options of whole numbers; Ollama cuts fractions off. */
const WHOLE = new Set([
  'num_keep',
  'seed',
  'num_predict',
  'top_k',
  'repeat_last_n',
  'num_ctx',
  'num_batch',
  'num_gpu',
  'main_gpu',
  'num_thread',
  'draft_num_predict',
]);
/** Options of fractions, with the bounds beyond which no sampler makes sense. */
const FRACTIONS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['temperature', [0, 5]],
  ['top_p', [0, 1]],
  ['min_p', [0, 1]],
  ['typical_p', [0, 1]],
  ['repeat_penalty', [-10, 10]],
  ['presence_penalty', [-10, 10]],
  ['frequency_penalty', [-10, 10]],
]);
const MAX_STOPS = 64;

/** The options map as it comes; its values are checked one by one, in Ollama's words. */
export const optionsSchema = z.record(z.string(), z.unknown());

const wrong = (key: string, expected: string): GatewayError => field(`options.${key}`, `option "${key}" must be ${expected}`);

function checked(key: string, value: unknown): unknown {
  if (WHOLE.has(key)) {
    if (key === 'seed' && rawInteger.safeParse(value).success) return value;
    if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong(key, 'of type integer');
    if (key === 'num_ctx' && value < 0) throw wrong(key, 'a number of tokens');
    return Math.trunc(value);
  }
  const bounds = FRACTIONS.get(key);
  if (bounds !== undefined) {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong(key, 'of type float32');
    if (value < bounds[0] || value > bounds[1]) throw wrong(key, `between ${bounds[0]} and ${bounds[1]}`);
    return value;
  }
  if (key === 'use_mmap' && typeof value !== 'boolean') throw wrong(key, 'of type boolean');
  if (key !== 'stop') return value;
  // A single text is what Ollama's own API document allows, though Ollama refuses it.
  const stops: unknown = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(stops)) throw wrong(key, 'of type array');
  if (stops.some((stop) => typeof stop !== 'string')) throw wrong(key, 'of an array of strings');
  if (stops.length > MAX_STOPS) throw wrong(key, `an array of at most ${MAX_STOPS} strings`);
  return stops;
}

/** Options with a place in the canonical request. */
const SAMPLING = {
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  minP: 'min_p',
  seed: 'seed',
  stop: 'stop',
  presencePenalty: 'presence_penalty',
  frequencyPenalty: 'frequency_penalty',
  repeatPenalty: 'repeat_penalty',
} as const satisfies { readonly [K in keyof Sampling]?: string };

export interface OllamaOptions {
  readonly sampling: Sampling;
  readonly contextWindow?: number;
  /** Options only Ollama understands. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** Ollama's options map -> canonical sampling; what is not known stays for an Ollama upstream. */
export function toOptions(options: Readonly<Record<string, unknown>> | null | undefined): OllamaOptions {
  if (!options) return { sampling: {}, extra: {} };
  const extra: Record<string, unknown> = {};
  for (const key in options) {
    const value = options[key];
    if (value !== null && value !== undefined) extra[key] = checked(key, value);
  }
  const take = (key: string): unknown => {
    const value = extra[key];
    delete extra[key];
    return value;
  };
  const sampling: Record<string, unknown> = {};
  for (const [name, key] of Object.entries(SAMPLING)) sampling[name] = take(key);
  // -1 and -2 lift a limit of the model's own file, which only Ollama has.
  if (typeof extra['num_predict'] === 'number' && extra['num_predict'] > 0) sampling['maxOutputTokens'] = take('num_predict');
  const contextWindow = take('num_ctx');
  return {
    sampling: defined(sampling) as Sampling,
    ...(typeof contextWindow === 'number' && contextWindow > 0 && { contextWindow }),
    extra,
  };
}

const UNIT_S: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, µs: 1e-6, μs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };
const DURATION_PART = /(\d{1,12}(?:\.\d{0,9})?|\.\d{1,9})(ns|us|µs|μs|ms|s|m|h)/g;

/** A Go duration ('1h30m', '-1s') or a number of seconds -> seconds. A bare number in a string has no unit and is refused, as by Ollama. */
export function toKeepAlive(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && value.length <= 64) {
    const digits = value.replace(/^[-+]/, '');
    if (digits === '0') return 0;
    const parts = [...digits.matchAll(DURATION_PART)];
    if (parts.length > 0 && parts.map((part) => part[0]).join('') === digits) {
      const seconds = parts.reduce((sum, part) => sum + Number(part[1]) * (UNIT_S[part[2] ?? ''] ?? 0), 0);
      return value.startsWith('-') ? -seconds : seconds;
    }
    throw field('keep_alive', `time: missing unit in duration ${JSON.stringify(value)}: keep_alive is seconds, or a text such as "5m", "300ms" or "-1s"`);
  }
  throw field('keep_alive', 'keep_alive must be a number of seconds or a duration such as "5m"');
}

const LEVELS = new Set(['low', 'medium', 'high', 'max']);

export function toThink(think: unknown): ReasoningEffort | undefined {
  if (think === undefined || think === null || think === '') return undefined;
  if (think === true) return 'medium';
  if (think === false) return 'none';
  if (typeof think === 'string' && LEVELS.has(think)) return think as ReasoningEffort;
  throw field('think', `invalid think value: ${JSON.stringify(think).slice(0, 40)} (must be "high", "medium", "low", "max", true, or false)`);
}

/** The word itself where the client used one: to some models "medium" is not the same as true. */
export const thinkLevel = (think: unknown): { think?: string } => (typeof think === 'string' && LEVELS.has(think) ? { think } : {});

export function toFormat(format: unknown): ChatRequest['responseFormat'] {
  if (format === undefined || format === null || format === '') return { type: 'text' };
  if (format === 'json') return { type: 'json' };
  if (typeof format === 'object' && !Array.isArray(format)) return { type: 'json', schema: format as Record<string, unknown> };
  throw field('format', `invalid format: ${JSON.stringify(format).slice(0, 80)}; expected "json" or a valid JSON Schema object`);
}

/** Ollama checks this before it looks the model up. */
export function toLogprobs(logprobs: boolean | null | undefined, top: number | null | undefined): number | undefined {
  if (top !== undefined && top !== null && (top < 0 || top > 20 || !Number.isInteger(top))) {
    throw new GatewayError('invalid-request', 'top_logprobs must be between 0 and 20', { param: 'top_logprobs' });
  }
  return logprobs === true ? (top ?? 0) : undefined;
}
