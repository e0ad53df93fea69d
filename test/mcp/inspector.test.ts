import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, nativeAnswer, ollamaHandler, type Upstream } from '../support/upstream.ts';

/* The inspector of the protocol's authors, from its command line. It brings a web front of its own and 110 MB of packages, so it
 * is no dependency here: it is installed once, beside the Python clients. */

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
const VERSION = '2.12.0';
const FOLDER = join(ROOT, '.cache/mcp-inspector');
const PROGRAM = join(FOLDER, 'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js');
const MINUTES = 60_000;

/** Installs it once; the version is written down last, so that half an installation is made anew. Why not, if it cannot be. */
async function install(): Promise<string | undefined> {
  const made = join(FOLDER, 'version');
  if ((await readFile(made, 'utf8').catch(() => '')) === VERSION) return undefined;
  try {
    await rm(FOLDER, { recursive: true, force: true });
    const what = ['--prefix', FOLDER, '--no-audit', '--no-fund', '--ignore-scripts', `@modelcontextprotocol/inspector@${VERSION}`];
    await run('npm', ['install', ...what], { timeout: 5 * MINUTES, shell: process.platform === 'win32' });
    await writeFile(made, VERSION);
    return undefined;
  } catch (error) {
    return (error as Error).message.split('\n')[0];
  }
}

describe('the MCP inspector', () => {
  let absent: string | undefined;
  let upstream: Upstream;
  let gateway: TestGateway;
  beforeAll(async () => {
    absent = await install();
    upstream = await createUpstream(ollamaHandler([{ name: 'llama3.1:8b' }], (seen, response) => nativeAnswer(['Good day.'])(seen, response)));
    gateway = await startGateway({ gateway: { providers: [{ name: 'ollama', type: 'ollama', url: upstream.url }] } });
  }, 6 * MINUTES);
  afterAll(async () => {
    await gateway?.close();
    await upstream?.close();
  });

  const inspect = async (...args: string[]): Promise<unknown> => {
    const { stdout } = await run(process.execPath, [PROGRAM, '--cli', ...args], { timeout: MINUTES });
    return JSON.parse(stdout);
  };

  it('reads a resource over stdio', { timeout: 2 * MINUTES }, async ({ skip }) => {
    skip(absent !== undefined, `it cannot be installed: ${absent}`);
    const program = [process.execPath, join(ROOT, 'src/cli/main.ts'), 'mcp', '--url', gateway.url];
    const { contents } = (await inspect(...program, '--method', 'resources/read', '--uri', 'orchestrator://profiles')) as { contents: { text: string }[] };
    expect(JSON.parse(contents[0]?.text ?? '')).toMatchObject({ profiles: [{ name: 'llama3.1:8b' }] });
  });

  it('lists the tools and calls one over HTTP with a key', { timeout: 2 * MINUTES }, async ({ skip }) => {
    skip(absent !== undefined, `it cannot be installed: ${absent}`);
    const { secret } = await gateway.services.keyring.create({ name: 'inspector', role: 'user' });
    const url = [`${gateway.url}/mcp`, '--transport', 'http', '--header', `Authorization: Bearer ${secret}`];
    const { tools } = (await inspect(...url, '--method', 'tools/list')) as { tools: unknown[] };
    expect(tools).toHaveLength(6);
    const call = ['--method', 'tools/call', '--tool-name', 'smart_ask', '--tool-arg', 'prompt=hi', '--tool-arg', 'model=llama3.1:8b'];
    expect(await inspect(...url, ...call)).toMatchObject({ content: [{ text: 'Good day.' }], structuredContent: { model: 'llama3.1:8b' } });
  });
});
