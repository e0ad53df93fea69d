import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse as parseYaml, stringify } from 'yaml';
import { startGateway, type TestGateway } from './support/gateway.ts';
import { createUpstream, nativeAnswer, ollamaHandler, sendJson, type Upstream } from './support/upstream.ts';

const DOCKER = resolve(import.meta.dirname, '../docker');
const installed = spawnSync('prometheus', ['--version']).status === 0;
if (!installed) console.warn('No Prometheus on this machine (apt-get install prometheus): dashboard and alerts are not asked of a real one.');

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}
const dashboard = JSON.parse(readFileSync(join(DOCKER, 'grafana/dashboards/orchestrator.json'), 'utf8')) as { panels: readonly Panel[] };
const panels = dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

describe.skipIf(!installed)('a real Prometheus that scrapes a gateway under load', () => {
  let upstream: Upstream;
  let gateway: TestGateway;
  let prometheus: ChildProcess;
  let folder: string;
  let url: string;
  let working = true;
  let load: Promise<unknown>;

  const api = async <T>(path: string): Promise<T> => {
    const answer = (await (await fetch(`${url}/api/v1/${path}`)).json()) as { status: string; error?: string; data: T };
    if (answer.status !== 'success') throw new Error(answer.error);
    return answer.data;
  };
  const query = async (expr: string): Promise<readonly Sample[]> => (await api<{ result: Sample[] }>(`query?query=${encodeURIComponent(expr)}`)).result;

  beforeAll(async () => {
    const models = [{ name: 'llama3.1:8b' }, { name: 'qwen3:8b', family: 'qwen3' }, { name: 'broken:8b', family: 'phi3' }];
    const answer = nativeAnswer(['Hello', ' there', '.']);
    upstream = await createUpstream(
      ollamaHandler(models, (seen, response) => (seen.body['model'] === 'broken:8b' ? sendJson(response, { error: 'boom' }, 500) : answer(seen, response))),
    );
    gateway = await startGateway({ gateway: { providers: [{ name: 'ollama', type: 'ollama', url: upstream.url }] } });
    folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
    const shipped = parseYaml(readFileSync(join(DOCKER, 'prometheus/prometheus.yml'), 'utf8')) as { scrape_configs: object[] };
    const scrape = { ...shipped.scrape_configs[0], scrape_interval: '1s', static_configs: [{ targets: [new URL(gateway.url).host] }] };
    const config = { global: { evaluation_interval: '1s' }, rule_files: [join(DOCKER, 'prometheus/rules.yml')], scrape_configs: [scrape] };
    writeFileSync(join(folder, 'prometheus.yml'), stringify(config));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const flags = [`--config.file=${join(folder, 'prometheus.yml')}`, `--storage.tsdb.path=${join(folder, 'data')}`, `--web.listen-address=127.0.0.1:${port}`];
    prometheus = spawn('prometheus', flags, { stdio: 'ignore' });
    const messages = [{ role: 'user', content: 'hi' }];
    load = (async () => {
      for (let turn = 0; working; turn++) {
        const asked = ['llama3.1:8b', 'auto', 'broken:8b', 'ensemble', 'auto:code'].map((model) =>
          gateway.post('/v1/chat/completions', { model, messages, temperature: turn % 2 }).then((response) => response.text()),
        );
        await Promise.all(asked);
        await new Promise((done) => setTimeout(done, 100));
      }
    })();
    await vi.waitFor(async () => expect(Number((await query('count_over_time(up{job="orchestrator"}[1m])'))[0]?.value[1])).toBeGreaterThan(3), 50_000);
  }, 60_000);
  afterAll(async () => {
    working = false;
    await load;
    const ended = new Promise((done) => prometheus.once('exit', done));
    prometheus.kill();
    await ended;
    await gateway.close();
    await upstream.close();
    rmSync(folder, { recursive: true });
  });

  it('reaches it and finds every sample in order', async () => {
    const { activeTargets } = await api<{ activeTargets: { health: string; lastError: string }[] }>('targets');
    expect(activeTargets.map(({ health, lastError }) => [health, lastError])).toEqual([['up', '']]);
  });

  it.each(panels)('has numbers for the panel "$title": $expr', async ({ expr }) => {
    const result = await query(expr.replaceAll('$__rate_interval', '30s'));
    expect(result.length).toBeGreaterThan(0);
    expect(result.some(({ value }) => Number.isFinite(Number(value[1])))).toBe(true);
  });

  it('evaluates every alert rule without an error', async () => {
    const { groups } = await api<{ groups: { rules: { name: string; health: string; lastError?: string }[] }[] }>('rules');
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(5);
    expect(rules.filter(({ health, lastError }) => health !== 'ok' || lastError !== undefined)).toEqual([]);
  });
});
