import { freeModelMemory, type Machine, modelMemory } from './machine.ts';
import { cacheBytesPerToken, estimateMemory, type Sized } from './vram.ts';

/** Why something is recommended, and who says so. */
export interface Reason {
  readonly setting: string;
  readonly why: string;
  readonly source: string;
}

export interface VllmAdvice {
  readonly model: string;
  readonly tensorParallel: number;
  readonly pipelineParallel: number;
  readonly replicas: number;
  readonly maxSequences: number;
  readonly fits: boolean;
  /** One line per replica, ready for a shell. */
  readonly commands: readonly string[];
  /** A compose file with every replica. */
  readonly compose: string;
  readonly reasons: readonly Reason[];
}

export interface OllamaAdvice {
  readonly environment: Readonly<Record<string, string>>;
  readonly reasons: readonly Reason[];
}

export interface HardwareSettings {
  /** Share of a card that vLLM may take, 0-1. */
  readonly utilization: number;
  readonly dtype: string;
  readonly prefixCaching: boolean;
}

export interface Fit {
  readonly model: string;
  readonly provider: string;
  readonly bytes: number;
  /** now: in what is free; alone: when nothing else is loaded; no: not even then. */
  readonly fits: 'now' | 'alone' | 'no' | 'unknown';
}

const GB = 1e9;
const VLLM = 'https://docs.vllm.ai/en/stable/configuration/engine_args.html';
const PARALLEL = 'https://docs.vllm.ai/en/stable/serving/parallelism_scaling.html';
const KV = 'https://docs.vllm.ai/en/stable/features/quantization/quantized_kvcache.html';
const OLLAMA = 'https://docs.ollama.com/faq';

/** Share of the cards' memory that must be left for the cache of running requests. */
const CACHE_SHARE = 0.2;
/** From this compute capability on NVIDIA cards multiply in fp8 (Ada, Hopper and later). */
const FP8_CAPABILITY = 8.9;

/** Requests a batched engine takes at once, by what is free: above 60 GB 256, above 30 GB 128, else 64. */
export const concurrencyFor = (freeBytes: number): number => (freeBytes > 60 * GB ? 256 : freeBytes > 30 * GB ? 128 : 64);

/** Whether each model fits in this machine with its window. */
export function fitModels(machine: Machine, models: readonly { readonly provider: string; readonly window: number; readonly facts: Sized }[]): Fit[] {
  const all = modelMemory(machine);
  const free = freeModelMemory(machine);
  return models.map(({ provider, window, facts }) => {
    const estimate = estimateMemory(facts, window);
    const fits = !estimate.known ? 'unknown' : estimate.totalBytes <= free ? 'now' : estimate.totalBytes <= all ? 'alone' : 'no';
    return { model: facts.name, provider, bytes: Math.round(estimate.totalBytes), fits };
  });
}

/** How to serve a model with vLLM on these cards; undefined without cards that vLLM serves well on. */
export function adviseVllm(
  machine: Machine,
  model: Sized,
  window: number,
  settings: HardwareSettings,
  image = 'vllm/vllm-openai:latest',
): VllmAdvice | undefined {
  const cards = machine.accelerators;
  if (cards.length === 0 || machine.kind === 'apple') return undefined;
  const smallest = Math.min(...cards.map(({ totalBytes }) => totalBytes));
  const usable = smallest * settings.utilization;
  const { weightsBytes, overheadBytes } = estimateMemory(model, 0);
  const needed = (weightsBytes + overheadBytes) / (1 - CACHE_SHARE);
  const powers = [1, 2, 4, 8].filter((count) => count <= cards.length);
  const largest = powers.at(-1) ?? 1;
  // All cards of a node in one tensor split is fastest; where they do not divide evenly, stages of smaller splits take the rest.
  const alone = powers.find((count) => usable * count >= needed);
  const staged = [...powers].reverse().map((tensor) => ({ tensor, stages: Math.floor(cards.length / tensor) }));
  const split = staged.find(({ tensor, stages }) => usable * tensor * stages >= needed) ?? { tensor: largest, stages: 1 };
  const tensorParallel = alone ?? split.tensor;
  const pipelineParallel = alone === undefined ? split.stages : 1;
  const perReplica = tensorParallel * pipelineParallel;
  const fits = usable * perReplica >= needed;
  const replicas = fits ? Math.max(1, Math.floor(cards.length / perReplica)) : 1;
  const fp8 = machine.kind === 'nvidia' && cards.every(({ capability }) => (capability ?? 0) >= FP8_CAPABILITY);
  const maxSequences = concurrencyFor(smallest * perReplica - weightsBytes);
  const length = Math.min(
    window,
    Math.max(2_048, Math.floor((usable * perReplica - weightsBytes) / Math.max(1, cacheBytesPerToken(model, fp8 ? 'fp8' : 'f16')))),
  );

  const args = [
    `--max-model-len ${length}`,
    `--max-num-seqs ${maxSequences}`,
    `--gpu-memory-utilization ${settings.utilization}`,
    `--dtype ${settings.dtype}`,
    ...(tensorParallel > 1 ? [`--tensor-parallel-size ${tensorParallel}`] : []),
    ...(pipelineParallel > 1 ? [`--pipeline-parallel-size ${pipelineParallel}`] : []),
    ...(settings.prefixCaching ? ['--enable-prefix-caching'] : []),
    ...(fp8 ? ['--kv-cache-dtype fp8'] : []),
  ];
  const cardsOf = (replica: number): string => Array.from({ length: perReplica }, (_, index) => replica * perReplica + index).join(',');
  const visible = machine.kind === 'amd' ? 'HIP_VISIBLE_DEVICES' : 'CUDA_VISIBLE_DEVICES';
  const indexes = Array.from({ length: replicas }, (_, index) => index);
  const reasons: Reason[] = [
    {
      setting: `--tensor-parallel-size ${tensorParallel}`,
      why: `the weights (${gb(weightsBytes)}) and a fifth for the cache need ${gb(needed)}; one card gives ${gb(usable)}`,
      source: PARALLEL,
    },
    { setting: `--max-num-seqs ${maxSequences}`, why: 'above 60 GB free 256, above 30 GB 128, else 64: more only queues inside the engine', source: VLLM },
    {
      setting: `--gpu-memory-utilization ${settings.utilization}`,
      why: 'what is left is for the driver and for graphs; set in performance.yaml',
      source: VLLM,
    },
    ...(pipelineParallel > 1
      ? [
          {
            setting: `--pipeline-parallel-size ${pipelineParallel}`,
            why: 'the model needs more cards than tensor parallelism can split evenly',
            source: PARALLEL,
          },
        ]
      : []),
    ...(replicas > 1
      ? [
          {
            setting: `${replicas} replicas`,
            why: 'a model that fits on fewer cards answers more requests as several copies; this gateway balances them',
            source: PARALLEL,
          },
        ]
      : []),
    ...(settings.prefixCaching
      ? [
          {
            setting: '--enable-prefix-caching',
            why: 'system prompts stay byte-identical and conversations stay on their replica here, so their cache is found again',
            source: VLLM,
          },
        ]
      : []),
    ...(fp8 ? [{ setting: '--kv-cache-dtype fp8', why: 'halves the cache, and these cards compute in fp8', source: KV }] : []),
  ];
  return {
    model: model.name,
    tensorParallel,
    pipelineParallel,
    replicas,
    maxSequences,
    fits,
    commands: indexes.map((index) => `${visible}=${cardsOf(index)} vllm serve ${model.name} --port ${8000 + index} ${args.join(' ')}`),
    compose: composeFile(model.name, indexes, image, args, (index) => `${visible}: "${cardsOf(index)}"`),
    reasons,
  };
}

function composeFile(model: string, indexes: readonly number[], image: string, args: readonly string[], visible: (index: number) => string): string {
  const services = indexes.map((index) =>
    [
      `  vllm-${index}:`,
      `    image: ${image}`,
      `    command: ${JSON.stringify(['--model', model, '--port', '8000', ...args.flatMap((arg) => arg.split(' '))])}`,
      `    ports: ["${8000 + index}:8000"]`,
      '    ipc: host',
      `    environment: { ${visible(index)} }`,
      '    volumes: ["huggingface:/root/.cache/huggingface"]',
    ].join('\n'),
  );
  return `services:\n${services.join('\n')}\nvolumes:\n  huggingface:\n`;
}

/** Ollama's environment for these models: the ones a machine keeps in memory at once, and how many requests each takes. */
export function adviseOllama(machine: Machine, models: readonly { readonly window: number; readonly facts: Sized }[]): OllamaAdvice {
  const memory = modelMemory(machine);
  const sized = models.map(({ facts, window }) => ({ facts, window, estimate: estimateMemory(facts, window) })).filter(({ estimate }) => estimate.known);
  const usual = sized.sort((a, b) => b.estimate.totalBytes - a.estimate.totalBytes)[0];
  let left = memory;
  let together = 0;
  for (const { estimate } of [...sized].reverse()) {
    if (estimate.totalBytes > left) break;
    left -= estimate.totalBytes;
    together += 1;
  }
  const slots = (kv: 'f16' | 'q8_0'): number => {
    if (usual === undefined) return 1;
    const { weightsBytes, overheadBytes } = usual.estimate;
    return Math.floor((memory - weightsBytes - overheadBytes) / Math.max(1, cacheBytesPerToken(usual.facts, kv) * usual.window));
  };
  const tight = slots('f16') < 2;
  const parallel = Math.max(1, Math.min(8, slots(tight ? 'q8_0' : 'f16')));
  const environment = {
    OLLAMA_NUM_PARALLEL: String(parallel),
    OLLAMA_MAX_LOADED_MODELS: String(Math.max(1, together)),
    OLLAMA_FLASH_ATTENTION: '1',
    OLLAMA_KV_CACHE_TYPE: tight ? 'q8_0' : 'f16',
    OLLAMA_KEEP_ALIVE: '30m',
  };
  return {
    environment,
    reasons: [
      {
        setting: `OLLAMA_NUM_PARALLEL=${parallel}`,
        why: `so many requests' caches fit beside ${usual?.facts.name ?? 'the largest model'}; each takes a whole window`,
        source: OLLAMA,
      },
      {
        setting: `OLLAMA_MAX_LOADED_MODELS=${Math.max(1, together)}`,
        why: `so many of the ${sized.length} models here fit in ${gb(memory)} together`,
        source: OLLAMA,
      },
      {
        setting: `OLLAMA_KV_CACHE_TYPE=${tight ? 'q8_0' : 'f16'}`,
        why: tight ? 'the cache is tight here; q8_0 halves it at a small loss (it needs flash attention)' : 'there is room for the exact cache',
        source: OLLAMA,
      },
      { setting: 'OLLAMA_KEEP_ALIVE=30m', why: 'the default of 5 minutes unloads models between two questions', source: OLLAMA },
    ],
  };
}

const gb = (bytes: number): string => `${(bytes / GB).toFixed(1)} GB`;
