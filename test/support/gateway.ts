import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Services } from '../../src/compose.ts';
import { loadConfig } from '../../src/config.ts';
import { createLog, serve } from '../../src/server.ts';

export interface TestGateway {
  readonly url: string;
  readonly services: Services;
  /** Log lines written so far. */
  readonly logs: () => string[];
  readonly stateDirectory: string;
  /** Its configuration folder. */
  readonly folder: string;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

/** The files of a configuration folder, as objects; what is missing keeps its defaults. */
export interface TestConfig {
  readonly gateway?: object;
  readonly models?: unknown;
  readonly routing?: object;
  readonly performance?: object;
}

/** A whole gateway in this process, on a free port, with its own state folder. */
export async function startGateway(
  config: TestConfig = {},
  options: { stateDirectory?: string; env?: Record<string, string>; level?: string } = {},
): Promise<TestGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'orchestrator-test-'));
  for (const [name, value] of Object.entries({ gateway: { providers: [] }, ...config })) await writeFile(join(folder, `${name}.yaml`), stringify(value));
  const lines: string[] = [];
  const log = createLog(options.level ?? 'info', { write: (line: string) => void lines.push(line) });
  const stateDirectory = options.stateDirectory ?? join(folder, 'state');
  const read = () => loadConfig({ directory: folder, defaultsDirectory: join(import.meta.dirname, '../../config'), env: {} });
  const running = await serve({
    config: await read(),
    loadConfig: read,
    host: '127.0.0.1',
    port: 0,
    stateDirectory,
    log,
    env: { OLLAMA_HOST: '127.0.0.1:1', ...options.env },
  });
  await running.services.discovered;
  return {
    url: running.address,
    services: running.services,
    stateDirectory,
    folder,
    logs: () => lines,
    post: (path, body, headers = {}) =>
      fetch(running.address + path, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      }),
    async close() {
      await running.services.close();
      await running.app.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface StreamedLine {
  readonly [key: string]: unknown;
}

/** The objects of an NDJSON body. */
export const readNdjson = async (response: Response): Promise<StreamedLine[]> =>
  (await response.text())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as StreamedLine);

/** The data of a server-sent event body, [DONE] as the string. */
export const readSse = async (response: Response): Promise<(StreamedLine | '[DONE]')[]> =>
  (await response.text())
    .split('\n\n')
    .filter((block) => block.includes('data: '))
    .map((block) => block.slice(block.indexOf('data: ') + 6))
    .map((data) => (data === '[DONE]' ? data : (JSON.parse(data) as StreamedLine)));
