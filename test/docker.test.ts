import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments, parse as parseYaml, stringify } from 'yaml';
import { loadConfig } from '../src/config.ts';
import { startGateway, type TestGateway } from './support/gateway.ts';
import { createUpstream, nativeAnswer, ollamaHandler, sendJson, type Upstream } from './support/upstream.ts';

const ROOT = resolve(import.meta.dirname, '..');
const DOCKER = join(ROOT, 'docker');
const read = (path: string): string => readFileSync(join(DOCKER, path), 'utf8');
const files = readdirSync(DOCKER, { recursive: true, encoding: 'utf8' });
const has = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0;
const promtool = has('promtool', '--version');

interface Service {
  readonly image?: string;
  readonly profiles?: readonly string[];
  readonly ports?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly privileged?: boolean;
}
const compose = parseYaml(read('compose.yaml'), { merge: true }) as { services: Record<string, Service> };

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}
const dashboard = JSON.parse(read('grafana/dashboards/orchestrator.json')) as { panels: readonly Panel[] };
const queries = dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));
const rules = (parseYaml(read('prometheus/rules.yml')) as { groups: { rules: { alert: string; expr: string }[] }[] }).groups.flatMap((group) => group.rules);

/** Metric and label names of a query, without functions, strings and what stands in by (...). */
function namesIn(expr: string): { metrics: string[]; labels: string[] } {
  const bare = expr.replace(/"[^"]*"/g, '""');
  const inBraces = [...bare.matchAll(/\{([^}]*)\}/g)].flatMap(([, inner = '']) => [...inner.matchAll(/(\w+)\s*[=!]/g)].map(([, name = '']) => name));
  const grouped = [...bare.matchAll(/\bby\s*\(([^)]*)\)/g)].flatMap(([, inner = '']) => inner.split(',').map((name) => name.trim()));
  const rest = bare.replace(/\{[^}]*\}/g, '').replace(/\bby\s*\([^)]*\)/g, '');
  return { metrics: [...rest.matchAll(/\b(?:gen_ai|orchestrator|nodejs|process|http)_\w+/g)].map(([name]) => name), labels: [...inBraces, ...grouped] };
}

describe('the files for containers', () => {
  it.each(files.filter((name) => /\.ya?ml$/.test(name)))('%s is YAML without errors', (name) => {
    expect(parseAllDocuments(read(name), { merge: true }).flatMap((document) => document.errors)).toEqual([]);
  });

  it('hold no password and no key', () => {
    for (const name of files.filter((file) => /\.(ya?ml|json)$|Dockerfile/.test(file))) {
      const set = read(name)
        .split('\n')
        .filter(
          (line) =>
            /(password|passwd|secret|token|api_?key)["']?\s*[:=]\s*["']?[^\s"'$#{]/i.test(line) && !/^\s*#|name: |description|expr"|: (true|false)$/.test(line),
        );
      expect(set, name).toEqual([]);
    }
  });

  it('build an image that does not run as root and says when it is healthy', () => {
    const lines = read('Dockerfile').split('\n');
    expect(lines.filter((line) => line.startsWith('USER ')).at(-1)).toMatch(/^USER [1-9]\d*:[1-9]\d*$/);
    expect(read('Dockerfile')).toContain('/healthz');
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
    expect(lines.filter((line) => /^ARG NODE_IMAGE=/.test(line))).toEqual([`ARG NODE_IMAGE=node:${dependencies['node']}-slim`]);
  });

  it('copy into the image every folder that the program is made of', () => {
    const copied = [...read('Dockerfile').matchAll(/^COPY (\w+) \.\/\1$/gm)].map(([, name]) => name);
    const ignored = read('Dockerfile.dockerignore');
    for (const folder of ['bin', 'config', 'plugins', 'routes', 'src', 'ui']) {
      expect(copied).toContain(folder);
      expect(ignored).toContain(`!${folder}\n`);
    }
  });
});

describe('compose', () => {
  it.each(Object.keys(compose.services))('runs %s without rights it does not need', (name) => {
    const service = compose.services[name];
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(service?.privileged).toBeUndefined();
  });

  it('publishes on this machine only, unless told otherwise for the gateway', () => {
    const published = Object.entries(compose.services).flatMap(([name, { ports = [] }]) => ports.map((port) => ({ name, port })));
    for (const { name, port } of published) expect(port).toMatch(name === 'gateway' ? /^\$\{ORCHESTRATOR_PUBLISH:-127\.0\.0\.1:/ : /^127\.0\.0\.1:/);
    expect(published.map(({ name }) => name).sort()).toEqual(['gateway', 'grafana', 'prometheus']);
  });

  it('brings up what the gateway works with, each image at a version of its own', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['gateway', 'grafana', 'ollama', 'prometheus', 'redis']);
    for (const { image, profiles } of Object.values(compose.services)) {
      expect(profiles).toBeUndefined();
      if (image !== 'multi-ai-orchestrator') expect(image).toMatch(/:v?\d+\.\d+\.\d+(-\w+)?$/);
    }
  });

  it('lets nobody log in to Grafana', () => {
    expect(compose.services['grafana']?.environment).toMatchObject({
      GF_AUTH_DISABLE_LOGIN_FORM: 'true',
      GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: 'true',
      GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
    });
  });

  it('gives the gateway a configuration it accepts', async () => {
    const config = await loadConfig({ directory: join(DOCKER, 'config'), defaultsDirectory: join(ROOT, 'config'), env: {} });
    expect(config.auth.required).toBe('auto');
    expect(config.providers?.map(({ name }) => name)).toEqual(['ollama', 'embedded']);
    expect(config.redis?.url).toBe('redis://redis:6379');
  });
});

describe('the numbers', () => {
  let gateway: TestGateway;
  let upstream: Upstream;
  let scrape = '';
  beforeAll(async () => {
    const models = [{ name: 'llama3.1:8b' }, { name: 'qwen3:8b', family: 'qwen3' }, { name: 'broken:8b', family: 'phi3' }];
    const chat = ollamaHandler(models, (seen, response) =>
      seen.body['model'] === 'broken:8b' ? sendJson(response, { error: 'out of memory' }, 500) : nativeAnswer(['Hello', ' there', '.'])(seen, response),
    );
    upstream = await createUpstream(chat);
    gateway = await startGateway({ gateway: { providers: [{ name: 'ollama', type: 'ollama', url: upstream.url }] } });
    const messages = [{ role: 'user', content: 'hi' }];
    for (const model of ['llama3.1:8b', 'auto', 'broken:8b', 'ensemble']) await (await gateway.post('/v1/chat/completions', { model, messages })).text();
    await new Promise((done) => setImmediate(done));
    scrape = await (await fetch(`${gateway.url}/metrics`)).text();
  });
  afterAll(async () => {
    await gateway.close();
    await upstream.close();
  });

  const samples = (): Map<string, Set<string>> => {
    const found = new Map<string, Set<string>>();
    for (const line of scrape.split('\n')) {
      const match = /^([a-z_][\w:]*)(?:\{(.*)\})? /.exec(line);
      if (match === null) continue;
      const labels = found.get(match[1] ?? '') ?? new Set();
      for (const [, label = ''] of (match[2] ?? '').matchAll(/(\w+)="/g)) labels.add(label);
      found.set(match[1] ?? '', labels);
    }
    return found;
  };

  it('that the dashboard and the alerts ask for are in a real scrape, with their labels', () => {
    const known = samples();
    for (const { title, expr } of [...queries, ...rules.map(({ alert, expr }) => ({ title: alert, expr }))]) {
      const { metrics, labels } = namesIn(expr);
      for (const metric of metrics) expect([...known.keys()], `${title}: ${metric}`).toContain(metric);
      const offered = new Set(['job', 'instance', ...metrics.flatMap((metric) => [...(known.get(metric) ?? [])])]);
      for (const label of labels) expect([...offered], `${title}: label ${label}`).toContain(label);
    }
  });

  it('that the gateway has of its own are all on the dashboard', () => {
    const shown = queries.flatMap(({ expr }) => namesIn(expr).metrics);
    const own = [...samples().keys()].filter((name) => name.startsWith('orchestrator_')).map((name) => name.replace(/_(bucket|sum|count)$/, ''));
    const missing = [...new Set(own)].filter((name) => !shown.some((metric) => metric.startsWith(name)));
    expect(missing.filter((name) => name !== 'orchestrator_cache_entries')).toEqual([]);
  });

  describe.skipIf(!promtool)('as promtool sees them (skipped where it is not installed: apt-get install prometheus)', () => {
    const check = (args: string[], input?: string): string => {
      const result = spawnSync('promtool', args, { encoding: 'utf8', cwd: join(DOCKER, 'prometheus'), ...(input !== undefined && { input }) });
      return result.status === 0 ? 'fine' : result.stdout + result.stderr;
    };

    it('are a valid exposition', () => {
      // The client library's own process metrics carry units and suffixes that promtool frowns at.
      const own = scrape
        .split('\n')
        .filter((line) => /^(# \w+ )?(gen_ai|orchestrator)_/.test(line))
        .join('\n');
      expect(check(['check', 'metrics'], `${own}\n`)).toBe('fine');
    });

    it('are scraped by a valid configuration, with alerts that fire when they should', () => {
      expect(check(['check', 'config', 'prometheus.yml'])).toBe('fine');
      expect(check(['test', 'rules', 'rules.test.yml'])).toBe('fine');
    });

    it('are asked for by the dashboard in valid queries', () => {
      const folder = mkdtempSync(join(tmpdir(), 'orchestrator-test-'));
      const recorded = queries.map(({ expr }, index) => ({ record: `panel_${index}`, expr: expr.replaceAll('$__rate_interval', '5m') }));
      writeFileSync(join(folder, 'panels.yml'), stringify({ groups: [{ name: 'panels', rules: recorded }] }));
      try {
        expect(check(['check', 'rules', join(folder, 'panels.yml')])).toBe('fine');
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });
});
