import { existsSync, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adviseOllama, adviseVllm, concurrencyFor, fitModels } from '../../src/profiles/advice.ts';
import { detectMachine, type Machine, type MachineProbe, metalBudget, parseNvidia, parseRocm } from '../../src/profiles/machine.ts';
import { cacheBytesPerToken, estimateMemory, weightBytes } from '../../src/profiles/vram.ts';
import { modelDirectory, testModels } from '../support/models.ts';

const GB = 1e9;
const GIB = 2 ** 30;

describe('the memory estimate', () => {
  it('is within a quarter of the real GGUF files from their headers alone, and exact with their size', async () => {
    const models = await testModels();
    expect(models.length).toBeGreaterThan(1);
    for (const model of models) {
      const { size } = await stat(model.path);
      const { sizeBytes: _size, ...header } = model;
      expect(weightBytes(header) / size, model.name).toBeGreaterThan(0.75);
      expect(weightBytes(header) / size, model.name).toBeLessThan(1.25);
      expect(weightBytes(model)).toBe(size);
    }
  });

  it.each([
    // Sizes of the files that Ollama serves under these names.
    ['llama3.1:8b', 8.03e9, 'Q4_K_M', 4.92e9],
    ['llama3.1:8b-q8_0', 8.03e9, 'Q8_0', 8.54e9],
    ['qwen2.5:14b', 14.8e9, 'Q4_K_M', 8.99e9],
    ['llama3.3:70b', 70.6e9, 'Q4_K_M', 42.5e9],
    ['llama3.1:8b-fp16', 8.03e9, 'F16', 16.1e9],
  ])('knows the weights of %s within 5 %%', (name, parameters, quantization, bytes) => {
    expect(Math.abs(weightBytes({ name, parameters, quantization }) / bytes - 1)).toBeLessThan(0.05);
  });

  it('counts the cache by layers, key-value heads and their width', () => {
    const llama = { name: 'llama3.1:8b', blockCount: 32, headCountKv: 8, headDim: 128 };
    expect(cacheBytesPerToken(llama)).toBe(131_072);
    expect(cacheBytesPerToken(llama, 'q8_0') / 131_072).toBeCloseTo(0.53, 2);
    const guessed = cacheBytesPerToken({ name: 'llama3.1:8b', parameters: 8e9 });
    expect(guessed).toBeGreaterThan(60_000);
    expect(guessed).toBeLessThan(200_000);
  });

  it('says when it knows nothing', () => expect(estimateMemory({ name: 'gpt-4o' }, 8_192).known).toBe(false));
});

const recorded = (name: string): string => readFileSync(join(import.meta.dirname, '../fixtures/hardware', name), 'utf8');
const H100 = recorded('nvidia-smi-h100.csv');
const TWO_CARDS = `${H100}${recorded('nvidia-smi-h100-busy.csv').replace(/^0/, '1')}`;
const ROCM = recorded('rocm-smi-rx7900xt.json');

const probe = (more: Partial<MachineProbe> = {}): MachineProbe => ({
  run: async () => undefined,
  read: async () => undefined,
  platform: 'linux',
  arch: 'x64',
  ramBytes: 64 * GIB,
  freeRamBytes: 32 * GIB,
  cores: 16,
  ...more,
});

describe('the machine', () => {
  it('reads what nvidia-smi writes', () => {
    expect(parseNvidia(TWO_CARDS)).toEqual([
      { name: 'NVIDIA H100 80GB HBM3', totalBytes: 81_559 * 2 ** 20, freeBytes: 81_079 * 2 ** 20, capability: 9 },
      { name: 'NVIDIA H100 80GB HBM3', totalBytes: 81_559 * 2 ** 20, freeBytes: 19_113 * 2 ** 20, capability: 9 },
    ]);
    expect(parseNvidia(recorded('nvidia-smi-unknown-field.txt'))).toEqual([]);
    expect(parseNvidia('NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.')).toEqual([]);
  });

  it('gives a card without memory of its own what models may take of the machine', async () => {
    const text = recorded('nvidia-smi-gb10.csv');
    const machine = await detectMachine(probe({ run: async (program) => (program === 'nvidia-smi' ? text : undefined), ramBytes: 120 * GIB }));
    expect(machine.kind).toBe('nvidia');
    expect(machine.accelerators).toEqual([{ name: 'NVIDIA GB10', capability: 12.1, totalBytes: 84 * GIB, freeBytes: 32 * GIB, shared: true }]);
  });

  it('reads what rocm-smi writes, warnings before it and other entries beside it', () => {
    const card = { name: 'Radeon RX 7900 XT', totalBytes: 21_458_059_264, freeBytes: 21_430_202_368 };
    expect(parseRocm(ROCM)).toEqual([card]);
    const noisy = `WARNING: AMD GPU device(s) is/are in a low-power state.\n${ROCM.replace(/}\s*$/, ', "system": {"Driver version": "6.8"}}')}`;
    expect(parseRocm(noisy)).toEqual([card]);
    for (const nothing of ['', 'not json', '{"card0": null}']) expect(parseRocm(nothing)).toEqual([]);
  });

  it('does not take the graphics inside a processor for a card', async () => {
    const text = recorded('rocm-smi-rx6800-and-igpu.json');
    const machine = await detectMachine(probe({ run: async (program) => (program === 'rocm-smi' ? text : undefined) }));
    expect(machine.accelerators.map(({ name }) => name)).toEqual(['Navi 21 [Radeon RX 6800/6800 XT / 6900 XT]']);
  });

  it.each([
    ['nvidia', probe({ run: async (program) => (program === 'nvidia-smi' ? TWO_CARDS : undefined) }), 2],
    ['amd', probe({ run: async (program) => (program === 'rocm-smi' ? ROCM : undefined) }), 1],
    ['amd', probe({ read: async (path) => (path === '/sys/class/drm/card1/device/mem_info_vram_total' ? '17163091968\n' : undefined) }), 1],
    ['apple', probe({ platform: 'darwin', arch: 'arm64', run: async (_, [, key]) => (key === 'machdep.cpu.brand_string' ? 'Apple M3 Max\n' : '0\n') }), 1],
    ['cpu', probe(), 0],
    ['cpu', probe({ platform: 'darwin' }), 0],
  ])('finds %s', async (kind, asked, cards) => {
    const machine = await detectMachine(asked);
    expect(machine.kind).toBe(kind);
    expect(machine.accelerators).toHaveLength(cards);
  });

  it('knows how much Metal may take', () => {
    expect(metalBudget(16 * GIB, '0')).toBeCloseTo((16 * GIB * 2) / 3, -3);
    expect(metalBudget(64 * GIB, undefined)).toBe(48 * GIB);
    expect(metalBudget(64 * GIB, '57344')).toBe(56 * GIB);
  });
});

const machineOf = (kind: Machine['kind'], cards: number, bytes: number, capability = 9): Machine => ({
  kind,
  accelerators: Array.from({ length: cards }, () => ({ name: 'card', totalBytes: bytes, freeBytes: bytes, capability })),
  ramBytes: 64 * GIB,
  freeRamBytes: 32 * GIB,
  cores: 16,
});
const SETTINGS = { utilization: 0.9, dtype: 'float16', prefixCaching: true };
const LLAMA_70B = { name: 'meta-llama/Llama-3.3-70B-Instruct', parameters: 70.6e9, quantization: 'F16' };
const LLAMA_8B = { name: 'meta-llama/Llama-3.1-8B-Instruct', parameters: 8.03e9, quantization: 'F16', blockCount: 32, headCountKv: 8, headDim: 128 };

describe('advice', () => {
  it.each([
    [80 * GB, 256],
    [61 * GB, 256],
    [40 * GB, 128],
    [24 * GB, 64],
    [0, 64],
  ])('lets %d bytes free take %d requests', (bytes, requests) => expect(concurrencyFor(bytes)).toBe(requests));

  it.each([
    [
      'one large card, small model: one replica each',
      LLAMA_8B,
      machineOf('nvidia', 2, 80 * GIB),
      { tensorParallel: 1, pipelineParallel: 1, replicas: 2, fits: true },
    ],
    ['70B in 16 bits over four cards', LLAMA_70B, machineOf('nvidia', 4, 80 * GIB), { tensorParallel: 4, pipelineParallel: 1, replicas: 1, fits: true }],
    [
      'six cards of 40 GB: two beside each other, three stages',
      LLAMA_70B,
      machineOf('nvidia', 6, 40 * GIB),
      { tensorParallel: 2, pipelineParallel: 3, replicas: 1, fits: true },
    ],
    ['a model too large for the machine', LLAMA_70B, machineOf('nvidia', 1, 24 * GIB), { fits: false, replicas: 1 }],
  ])('for vLLM: %s', (_, model, machine, expected) => expect(adviseVllm(machine, model, 131_072, SETTINGS)).toMatchObject(expected));

  it('writes a command and a compose file that hold every setting, each with its reason and source', () => {
    const advice = adviseVllm(machineOf('nvidia', 2, 80 * GIB), LLAMA_8B, 131_072, SETTINGS);
    expect(advice?.commands).toHaveLength(2);
    expect(advice?.commands[1]).toMatch(
      /^CUDA_VISIBLE_DEVICES=1 vllm serve meta-llama\/Llama-3.1-8B-Instruct --port 8001 .*--enable-prefix-caching --kv-cache-dtype fp8/,
    );
    expect(advice?.compose).toContain('vllm-1:');
    expect(advice?.reasons.every(({ why, source }) => why !== '' && source.startsWith('https://'))).toBe(true);
  });

  it('leaves fp8 out on cards that cannot', () => {
    expect(adviseVllm(machineOf('nvidia', 1, 48 * GIB, 8.6), LLAMA_8B, 32_768, SETTINGS)?.commands[0]).not.toContain('fp8');
    expect(adviseVllm(machineOf('cpu', 0, 0), LLAMA_8B, 32_768, SETTINGS)).toBeUndefined();
  });

  it('for Ollama: as many models and requests as fit, and a smaller cache where it is tight', () => {
    const small = { window: 8_192, facts: { ...LLAMA_8B, name: 'llama3.1:8b', quantization: 'Q4_K_M' } };
    expect(adviseOllama(machineOf('nvidia', 1, 80 * GIB), [small, small]).environment).toMatchObject({
      OLLAMA_NUM_PARALLEL: '8',
      OLLAMA_MAX_LOADED_MODELS: '2',
      OLLAMA_KV_CACHE_TYPE: 'f16',
    });
    expect(adviseOllama(machineOf('nvidia', 1, 6.5 * GIB), [small, small]).environment).toMatchObject({
      OLLAMA_MAX_LOADED_MODELS: '1',
      OLLAMA_KV_CACHE_TYPE: 'q8_0',
    });
  });

  it('says what fits now, alone or not at all', () => {
    const machine = { ...machineOf('nvidia', 1, 24 * GIB), accelerators: [{ name: 'card', totalBytes: 24 * GIB, freeBytes: 8 * GIB }] };
    const model = (name: string, parameters?: number) => ({
      provider: 'p',
      window: 8_192,
      facts: { name, quantization: 'Q4_K_M', ...(parameters !== undefined && { parameters }) },
    });
    expect(fitModels(machine, [model('a', 8e9), model('b', 32e9), model('c', 70e9), model('d')]).map(({ fits }) => fits)).toEqual([
      'now',
      'alone',
      'no',
      'unknown',
    ]);
  });
});

describe('the real files', () => {
  it('are where the other tests look for them', () => {
    expect(existsSync(join(modelDirectory(), 'models.json'))).toBe(true);
    expect(readFileSync(join(modelDirectory(), 'models.json'), 'utf8')).toContain('gguf');
  });
});
