import type { DiscoveredModel } from '../core/model.ts';
import { sizeInName } from './size.ts';

/**
 * Bits a weight takes on average in each format. K-quants and i-quants: llama.cpp's own list (tools/quantize/README.md, Llama 3.1
 * 8B); legacy quants: block layout (32 weights and their scales); mxfp4: 4 bits and one 8-bit scale per 32 weights.
 */
const BITS: Readonly<Record<string, number>> = {
  F32: 32,
  F16: 16,
  BF16: 16,
  FP8: 8,
  INT8: 8,
  Q8_0: 8.5,
  Q6_K: 6.56,
  Q5_1: 6,
  Q5_0: 5.5,
  Q5_K_M: 5.7,
  Q5_K_S: 5.57,
  Q4_1: 5,
  Q4_0: 4.5,
  Q4_K_M: 4.89,
  Q4_K_S: 4.67,
  IQ4_NL: 4.68,
  IQ4_XS: 4.46,
  MXFP4: 4.25,
  AWQ: 4.25,
  GPTQ: 4.25,
  Q3_K_L: 4.3,
  Q3_K_M: 4,
  Q3_K_S: 3.64,
  IQ3_M: 3.76,
  IQ3_XS: 3.5,
  Q2_K: 3.16,
  IQ2_M: 2.93,
  IQ2_XS: 2.59,
  IQ1_M: 2.15,
};
/** What most people pull when they name no format. */
const USUAL = 'Q4_K_M';

/** Bytes a key or a value takes in the cache. */
const KV_BYTES = { f16: 2, q8_0: 1.0625, q4_0: 0.5625, fp8: 1 } as const;
export type KvType = keyof typeof KV_BYTES;

/** Compute buffers and the runtime's own memory: llama.cpp and vLLM report 0.2 to 0.5 GB and a little more for larger models. */
const OVERHEAD_BYTES = 0.3e9;
const OVERHEAD_SHARE = 0.03;

export type Sized = Pick<DiscoveredModel, 'name' | 'parameters' | 'quantization' | 'sizeBytes' | 'blockCount' | 'headCountKv' | 'headDim'>;

export interface MemoryEstimate {
  readonly weightsBytes: number;
  readonly cacheBytes: number;
  readonly overheadBytes: number;
  readonly totalBytes: number;
  /** False: neither size nor parameters are known, so that the estimate says nothing. */
  readonly known: boolean;
}

/**
 * Bits a weight of a model takes on average. Models under a billion parameters take more than their format says, because their
 * large embedding table keeps eight bits (SmolLM2 135M in Q4_1: 5.9; Gemma 3 270M in Q4_K_M: 7.5).
 */
export function bitsPerWeight(quantization: string | undefined, parameters: number): number {
  const bits = BITS[(quantization ?? USUAL).toUpperCase()] ?? BITS[USUAL] ?? 5;
  if (bits >= 8 || parameters >= 1e9) return bits;
  return Math.min(8.5, bits + 2.2 * Math.max(0, 1 - Math.log10(parameters / 1e8)));
}

/** Bytes of the weights: the file where there is one, else parameters times bits. */
export function weightBytes(model: Sized): number {
  if (model.sizeBytes !== undefined && model.sizeBytes > 0) return model.sizeBytes;
  const parameters = model.parameters ?? sizeInName(model.name) ?? 0;
  return (parameters * bitsPerWeight(model.quantization, Math.max(1, parameters))) / 8;
}

/**
 * Bytes one token takes in the cache: two (key and value) for every layer and key-value head. Where the geometry is unknown, a
 * curve through common models (Llama 3.2 1B 32 kB, Llama 3.1 8B 128 kB, 70B 320 kB, Qwen 2.5 7B 56 kB). Models that look
 * back only so far in most layers (Gemma 3) need less than this.
 */
export function cacheBytesPerToken(model: Sized, type: KvType = 'f16'): number {
  const { blockCount, headCountKv, headDim } = model;
  if (blockCount !== undefined && headCountKv !== undefined && headDim !== undefined) return 2 * blockCount * headCountKv * headDim * KV_BYTES[type];
  const billions = (model.parameters ?? sizeInName(model.name) ?? 7e9) / 1e9;
  return 11_000 * billions ** 0.7 * 2 * (KV_BYTES[type] / KV_BYTES.f16);
}

/** Memory a model takes with a window of so many tokens, for `sequences` requests at once. */
export function estimateMemory(model: Sized, window: number, options: { readonly sequences?: number; readonly kv?: KvType } = {}): MemoryEstimate {
  const weightsBytes = weightBytes(model);
  const cacheBytes = cacheBytesPerToken(model, options.kv) * window * (options.sequences ?? 1);
  const overheadBytes = OVERHEAD_BYTES + weightsBytes * OVERHEAD_SHARE;
  return { weightsBytes, cacheBytes, overheadBytes, totalBytes: weightsBytes + cacheBytes + overheadBytes, known: weightsBytes > 0 };
}
