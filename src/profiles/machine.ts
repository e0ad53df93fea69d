/** Runs a program and gives what it wrote; undefined when it is not there, fails or takes too long. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<string | undefined>;

export interface Accelerator {
  readonly name: string;
  readonly totalBytes: number;
  readonly freeBytes: number;
  /** NVIDIA's compute capability, for example 9.0. */
  readonly capability?: number;
  /** It has no memory of its own but the machine's. */
  readonly shared?: true;
}

/** A card as its tool tells of it; without sizes where it shares the machine's memory. */
export type FoundCard = Omit<Accelerator, 'totalBytes' | 'freeBytes' | 'shared'> & Partial<Pick<Accelerator, 'totalBytes' | 'freeBytes'>>;

export interface Machine {
  readonly kind: 'nvidia' | 'amd' | 'apple' | 'cpu';
  readonly accelerators: readonly Accelerator[];
  readonly ramBytes: number;
  readonly freeRamBytes: number;
  readonly cores: number;
}

export interface MachineProbe {
  readonly run: RunProgram;
  /** Text of a file; undefined when there is none. */
  readonly read: (path: string) => Promise<string | undefined>;
  readonly platform: string;
  readonly arch: string;
  readonly ramBytes: number;
  readonly freeRamBytes: number;
  readonly cores: number;
}

const MB = 1024 * 1024;
/** What models may take of the memory of a machine without a graphics card of its own. */
const RAM_SHARE = 0.7;
/** macOS lets the GPU wire about two thirds of the memory, three quarters of 36 GB and more, unless iogpu.wired_limit_mb says otherwise. */
const METAL_SHARE = 2 / 3;
const METAL_SHARE_LARGE = 3 / 4;
const METAL_LARGE = 36 * 1024 * MB;
const MAX_CARDS = 16;
/** Below this a card is the small share of memory that a processor's own graphics keep for the screen. */
const LEAST_CARD_BYTES = 1024 * MB;

/** `nvidia-smi --query-gpu=index,name,memory.total,memory.free,compute_cap --format=csv,noheader,nounits`: MiB, or [N/A] where the memory is the machine's. */
export function parseNvidia(text: string): FoundCard[] {
  return text.split('\n').flatMap((line) => {
    const cells = line.split(',').map((cell) => cell.trim());
    if (cells.length < 4 || !/^\d+$/.test(cells[0] ?? '')) return [];
    const [, name = '', total = '', free = '', capability = ''] = cells;
    const sized = /^\d+$/.test(total);
    if (!sized && total !== '[N/A]') return [];
    return [
      {
        name,
        ...(sized && { totalBytes: Number(total) * MB, freeBytes: Number(/^\d+$/.test(free) ? free : total) * MB }),
        ...(/^\d+(\.\d+)?$/.test(capability) && { capability: Number(capability) }),
      },
    ];
  });
}

/** `rocm-smi --showmeminfo vram --showproductname --json`: bytes, as text, under names that changed between versions. */
export function parseRocm(text: string): Accelerator[] {
  let cards: unknown;
  try {
    cards = JSON.parse(text.slice(Math.max(0, text.indexOf('{'))));
  } catch {
    return [];
  }
  if (cards === null || typeof cards !== 'object') return [];
  return Object.entries(cards).flatMap(([card, values]) => {
    if (!/^card\d+$/i.test(card) || values === null || typeof values !== 'object') return [];
    const field = (pattern: RegExp): string | undefined => {
      const found = Object.entries(values as object).find(([name]) => pattern.test(name));
      return found === undefined ? undefined : String(found[1]);
    };
    const total = Number(field(/^vram total memory/i));
    const used = Number(field(/^vram total used memory/i) ?? 0);
    if (!(total > 0)) return [];
    return [{ name: field(/^card series/i) ?? field(/^card model/i) ?? 'AMD GPU', totalBytes: total, freeBytes: Math.max(0, total - (used || 0)) }];
  });
}

/** What of an Apple machine's memory the GPU may take. `wired` is `sysctl -n iogpu.wired_limit_mb`; 0 is the system's own choice. */
export function metalBudget(ramBytes: number, wired: string | undefined): number {
  const limit = Number(wired?.trim());
  if (limit > 0) return limit * MB;
  return ramBytes * (ramBytes >= METAL_LARGE ? METAL_SHARE_LARGE : METAL_SHARE);
}

/** What this machine has to run models on. Asks the makers' own tools, then the kernel; never throws. */
export async function detectMachine(probe: MachineProbe): Promise<Machine> {
  const { run, ramBytes, freeRamBytes, cores } = probe;
  const base = { ramBytes, freeRamBytes, cores };
  if (probe.platform === 'darwin') {
    if (probe.arch !== 'arm64') return { ...base, kind: 'cpu', accelerators: [] };
    const totalBytes = metalBudget(ramBytes, await run('sysctl', ['-n', 'iogpu.wired_limit_mb']));
    const name = (await run('sysctl', ['-n', 'machdep.cpu.brand_string']))?.trim() || 'Apple GPU';
    return { ...base, kind: 'apple', accelerators: [{ name, totalBytes, freeBytes: Math.min(totalBytes, freeRamBytes) }] };
  }
  const nvidia = parseNvidia((await run('nvidia-smi', ['--query-gpu=index,name,memory.total,memory.free,compute_cap', '--format=csv,noheader,nounits'])) ?? '');
  if (nvidia.length > 0) return { ...base, kind: 'nvidia', accelerators: nvidia.map((card) => sizeOf(card, probe)) };
  const rocm = parseRocm((await run('rocm-smi', ['--showmeminfo', 'vram', '--showproductname', '--json'])) ?? '');
  const amd = (rocm.length > 0 ? rocm : await readKernel(probe)).filter(({ totalBytes }) => totalBytes >= LEAST_CARD_BYTES);
  return { ...base, kind: amd.length > 0 ? 'amd' : 'cpu', accelerators: amd };
}

/** A card with its sizes; one without memory of its own may take as much of the machine's as models may. */
function sizeOf({ totalBytes, freeBytes, ...card }: FoundCard, { ramBytes, freeRamBytes }: MachineProbe): Accelerator {
  if (totalBytes !== undefined) return { ...card, totalBytes, freeBytes: freeBytes ?? totalBytes };
  const share = ramBytes * RAM_SHARE;
  return { ...card, totalBytes: share, freeBytes: Math.min(freeRamBytes, share), shared: true };
}

/** The amdgpu driver's own figures, for machines without ROCm's tools. */
async function readKernel({ read }: MachineProbe): Promise<Accelerator[]> {
  const found: Accelerator[] = [];
  for (let card = 0; card < MAX_CARDS; card++) {
    const folder = `/sys/class/drm/card${card}/device`;
    const total = Number((await read(`${folder}/mem_info_vram_total`))?.trim());
    if (!(total > 0)) continue;
    const used = Number((await read(`${folder}/mem_info_vram_used`))?.trim()) || 0;
    found.push({ name: (await read(`${folder}/product_name`))?.trim() || 'AMD GPU', totalBytes: total, freeBytes: Math.max(0, total - used) });
  }
  return found;
}

/** Bytes that models may take here in all. */
export const modelMemory = (machine: Machine): number =>
  machine.accelerators.length > 0 ? machine.accelerators.reduce((sum, { totalBytes }) => sum + totalBytes, 0) : machine.ramBytes * RAM_SHARE;

/** Bytes that are free for models now. */
export const freeModelMemory = (machine: Machine): number =>
  machine.accelerators.length > 0
    ? machine.accelerators.reduce((sum, { freeBytes }) => sum + freeBytes, 0)
    : Math.min(machine.freeRamBytes, machine.ramBytes * RAM_SHARE);
