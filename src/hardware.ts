import { readMachine } from './compose-fleet.ts';
import { adviseOllama, adviseVllm, concurrencyFor, type Fit, fitModels, type HardwareSettings, type OllamaAdvice, type VllmAdvice } from './profiles/advice.ts';
import { freeModelMemory, type Machine, modelMemory } from './profiles/machine.ts';
import type { Sized } from './profiles/vram.ts';

export interface KnownModel {
  readonly provider: string;
  /** Tokens. */
  readonly window: number;
  readonly facts: Sized;
}

export interface HardwareReport {
  readonly machine: Machine;
  /** Bytes that models may take here, and what of it is free. */
  readonly memoryBytes: number;
  readonly freeBytes: number;
  /** Requests at once for a batched engine here. */
  readonly concurrency: number;
  readonly models: readonly Fit[];
  readonly vllm: VllmAdvice | null;
  readonly ollama: OllamaAdvice;
}

/** Windows that engines are usually started with; an advice for a million tokens would help nobody. */
const USUAL_WINDOW = 32_768;
const OLLAMA_WINDOW = 8_192;
/** Stands in for the fleet where no gateway tells of one: what most people run. */
const USUAL: KnownModel = {
  provider: 'ollama',
  window: OLLAMA_WINDOW,
  facts: { name: 'llama3.1:8b', parameters: 8.03e9, quantization: 'Q4_K_M', blockCount: 32, headCountKv: 8, headDim: 128 },
};

/** What is here, what fits, and settings for the engines. `serve`: the model that vLLM is to serve, with 16-bit weights. */
export async function hardwareReport(models: readonly KnownModel[], serve: Sized | undefined, settings: HardwareSettings): Promise<HardwareReport> {
  const machine = await readMachine();
  const sized = models.map(({ provider, window, facts }) => ({ provider, window: Math.min(window, OLLAMA_WINDOW), facts }));
  return {
    machine,
    memoryBytes: Math.round(modelMemory(machine)),
    freeBytes: Math.round(freeModelMemory(machine)),
    concurrency: concurrencyFor(freeModelMemory(machine)),
    models: fitModels(machine, sized),
    vllm: serve === undefined ? null : (adviseVllm(machine, serve, USUAL_WINDOW, settings) ?? null),
    ollama: adviseOllama(machine, sized.length === 0 ? [USUAL] : sized),
  };
}
