import { spawn } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The engine's library, as its package exports it. */
export type EngineLibrary = typeof import('node-llama-cpp');

const PACKAGE = 'node-llama-cpp';
const VERSION = '3.22.1';
/** The package that holds the processor's binary (on Apple silicon the GPU's too); those for CUDA and Vulkan are 600 MB more. */
const BINARIES: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-arm64': 'mac-arm64-metal',
  'darwin-x64': 'mac-x64',
  'win32-x64': 'win-x64',
  'win32-arm64': 'win-arm64',
};

export interface EnginePackageOptions {
  /** Where it is installed when the program came without it. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: { info(fields: Readonly<Record<string, unknown>>, message: string): void };
  readonly platform?: string;
  /** Installs packages into the folder; npm unless a test says otherwise. */
  readonly install?: (folder: string, packages: readonly string[], env: EnginePackageOptions['env']) => Promise<void>;
  /** The library beside the program. Throws where there is none. */
  readonly beside?: () => Promise<EngineLibrary>;
}

/**
 * Gives the engine's library: the one beside the program (a clone, an image) or the one in `folder`, which is installed there the first time it is
 * needed. A program that has Ollama or vLLM behind it never pays for it. Throws an Error in words when it cannot be had.
 */
export function createEngineLoader(options: EnginePackageOptions): () => Promise<EngineLibrary> {
  const { folder, env, log, beside = () => import('node-llama-cpp'), install = npmInstall } = options;
  const platform = options.platform ?? `${process.platform}-${process.arch}`;
  let loading: Promise<EngineLibrary> | undefined;

  const load = async (): Promise<EngineLibrary> => {
    const found = (await beside().catch(onlyMissing)) ?? (await fromFolder(folder));
    if (found !== undefined) return found;
    const binary = BINARIES[platform];
    if (binary === undefined) throw new Error(`there is no embedded engine for ${platform}; put an Ollama or an OpenAI-compatible server behind the gateway`);
    log.info({ folder, package: `${PACKAGE}@${VERSION}` }, 'installing the embedded engine');
    await install(folder, [`${PACKAGE}@${VERSION}`, `@node-llama-cpp/${binary}@${VERSION}`], env);
    const installed = await fromFolder(folder);
    if (installed === undefined) throw new Error(`npm put no ${PACKAGE} into ${folder}`);
    return installed;
  };
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}

/** A package that is not there is no error here; one that is broken is. */
function onlyMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
}

/** Path of the library's first file as seen from a place; undefined where it is not installed. */
export function findEngine(place: string): string | undefined {
  try {
    return createRequire(place).resolve(PACKAGE);
  } catch {
    return undefined;
  }
}

/** Whether the library is there already, beside the program or in `folder`, without loading it. */
export const engineFound = (folder: string): boolean => (findEngine(import.meta.url) ?? findEngine(join(folder, 'package.json'))) !== undefined;

async function fromFolder(folder: string): Promise<EngineLibrary | undefined> {
  const path = findEngine(join(folder, 'package.json'));
  return path === undefined ? undefined : ((await import(pathToFileURL(path).href)) as EngineLibrary);
}

/** Without the package's own optional packages: the one binary that is wanted is named instead. No script of any package runs. */
async function npmInstall(folder: string, packages: readonly string[], env: EnginePackageOptions['env']): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"private":true}\n');
  const cache = join(folder, 'cache');
  const flags = ['--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', folder, '--cache', cache];
  const windows = process.platform === 'win32';
  const child = spawn(windows ? 'npm.cmd' : 'npm', ['install', ...flags, ...packages], {
    cwd: folder,
    env: { ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    shell: windows,
  });
  let said = '';
  child.stderr.on('data', (part: Buffer) => {
    said = (said + part.toString('utf8')).slice(-2_000);
  });
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve)).catch((error: Error) => {
    throw new Error(`the embedded engine could not be installed: npm cannot be started (${error.message})`);
  });
  await rm(cache, { recursive: true, force: true });
  if (code !== 0) throw new Error(`the embedded engine could not be installed: ${said.trim().split('\n').slice(-3).join(' ')}`);
}
