import { loadConfig } from '../config.ts';
import { type HardwareReport, hardwareReport, type KnownModel } from '../hardware.ts';
import { createClient } from './client.ts';
import { coloursFor } from './colour.ts';
import { CONFIG_OPTIONS, type Command, configDirectory, DEFAULT_CONFIG, JSON_OPTION, readArgs, URL_HELP, URL_OPTIONS } from './command.ts';
import { formatTable, terminalColumns } from './table.ts';

interface Profile {
  name: string;
  provider: string;
  context_window: number;
  parameters: number | null;
  quantization: string | null;
  size_bytes: number | null;
  capabilities: string[];
}

const DEFAULT_MODEL = 'meta-llama/Llama-3.1-8B-Instruct';

const OPTIONS = {
  ...CONFIG_OPTIONS,
  ...URL_OPTIONS,
  ...JSON_OPTION,
  serve: { type: 'string', default: DEFAULT_MODEL },
  compose: { type: 'boolean', default: false },
} as const;

export const hardware: Command = {
  name: 'hardware',
  summary: 'show what this machine can run, and settings for vLLM and Ollama',
  options: OPTIONS,
  completes: { config: 'folder' },
  help: `orchestrator hardware [--serve MODEL] [--compose] [--json] [--config DIR] [--url URL] [--key KEY]

  --serve MODEL  the model vLLM should serve, by its Hugging Face name with its size in it (default ${DEFAULT_MODEL})
  --compose      print only the compose file for vLLM
  --json         print everything as JSON
  --config DIR   configuration folder; performance.yaml says how much of a card vLLM may take
${URL_HELP}

  orchestrator hardware
  orchestrator hardware --serve Qwen/Qwen3-8B --compose > vllm.yaml

Looks at this machine (nvidia-smi, rocm-smi or the kernel, Metal, else memory) and at the models of the running gateway, if one
answers. Nothing is changed. Exit code 1: --compose on a machine without a card that vLLM runs on.`,

  async run(args) {
    const { values } = readArgs(args, OPTIONS);
    const config = await loadConfig({ directory: configDirectory(values.config), defaultsDirectory: DEFAULT_CONFIG, env: process.env });
    const { gpu_memory_utilization: utilization, dtype, enable_prefix_caching: prefixCaching } = config.performance.hardware;
    const report = await hardwareReport(await modelsOf(values), { name: values.serve, quantization: 'F16' }, { utilization, dtype, prefixCaching });
    if (values.compose) {
      if (report.vllm === null) process.stderr.write('vLLM has no card to run on here.\n');
      else process.stdout.write(report.vllm.compose);
      return report.vllm === null ? 1 : 0;
    }
    process.stdout.write(`${values.json ? JSON.stringify(report, null, 2) : describe(report)}\n`);
    return 0;
  },
};

/** The models of the running gateway; none when no gateway answers. */
async function modelsOf(flags: { url?: string | undefined; key?: string | undefined }): Promise<KnownModel[]> {
  try {
    const { profiles } = await createClient(flags).json<{ profiles: Profile[] }>('GET', '/orchestrator/profiles');
    return profiles
      .filter(({ capabilities }) => capabilities.includes('completion'))
      .map(({ name, provider, context_window: window, parameters, quantization, size_bytes: sizeBytes }) => ({
        provider,
        window,
        facts: { name, ...(parameters !== null && { parameters }), ...(quantization !== null && { quantization }), ...(sizeBytes !== null && { sizeBytes }) },
      }));
  } catch {
    return [];
  }
}

const gb = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
const FITS = { now: 'now', alone: 'when others are unloaded', no: 'no', unknown: 'size unknown' } as const;

function describe({ machine, memoryBytes, freeBytes, concurrency, models, vllm, ollama }: HardwareReport): string {
  const cards = machine.accelerators.map(({ name, totalBytes, freeBytes: free }) => `  ${name}: ${gb(totalBytes)}, ${gb(free)} free`);
  return [
    `machine      ${machine.kind}, ${machine.cores} cores, ${gb(machine.ramBytes)} memory (${gb(machine.freeRamBytes)} free)`,
    ...cards,
    `for models   ${gb(memoryBytes)}, ${gb(freeBytes)} free; up to ${concurrency} requests at once for a batched engine`,
    '',
    models.length === 0
      ? 'No gateway answers, so no models are known here.'
      : formatTable(
          ['model', 'provider', 'memory', 'fits'],
          models.map(({ model, provider, bytes, fits }) => [model, provider, fits === 'unknown' ? '-' : gb(bytes), FITS[fits]]),
          { columns: terminalColumns(), optional: ['provider'], heading: coloursFor(process.stdout).bold },
        ),
    '',
    'Ollama, in its environment:',
    ...Object.entries(ollama.environment).map(([name, value]) => `  ${name}=${value}`),
    ...ollama.reasons.map(({ setting, why, source }) => `    ${setting}: ${why} (${source})`),
    '',
    ...(vllm === null
      ? ['vLLM: no card that it serves well on.']
      : [
          `vLLM for ${vllm.model}${vllm.fits ? '' : ' (it does not fit on these cards; take a smaller or quantized one)'}:`,
          ...vllm.commands.map((command) => `  ${command}`),
          ...vllm.reasons.map(({ setting, why, source }) => `    ${setting}: ${why} (${source})`),
          '  --compose prints the same as a compose file.',
        ]),
  ].join('\n');
}
