import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { type Config, loadConfig } from '../src/config.ts';

const ROOT = resolve(import.meta.dirname, '..');
const MANIFESTS = join(ROOT, 'docker/kubernetes');
const kubectl = spawnSync('kubectl', ['kustomize', '--help']).status === 0;

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: Readonly<Record<string, unknown>>;
}
const parse = (text: string): Manifest[] => parseAllDocuments(text).map((document) => document.toJS() as Manifest);
const read = (name: string): Manifest[] => parse(readFileSync(join(MANIFESTS, name), 'utf8'));
const build = (folder: string): Manifest[] => parse(execFileSync('kubectl', ['kustomize', join(MANIFESTS, folder)], { encoding: 'utf8' }));

const files = readdirSync(MANIFESTS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml') && !name.endsWith('kustomization.yaml'));

/** Where Kubernetes defines each kind; see the comment in the file of schemas. */
const DEFINED: Readonly<Record<string, string>> = {
  'v1 ConfigMap': 'io.k8s.api.core.v1.ConfigMap',
  'v1 PersistentVolumeClaim': 'io.k8s.api.core.v1.PersistentVolumeClaim',
  'v1 Secret': 'io.k8s.api.core.v1.Secret',
  'v1 Service': 'io.k8s.api.core.v1.Service',
  'apps/v1 Deployment': 'io.k8s.api.apps.v1.Deployment',
  'autoscaling/v2 HorizontalPodAutoscaler': 'io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler',
  'networking.k8s.io/v1 NetworkPolicy': 'io.k8s.api.networking.v1.NetworkPolicy',
  'policy/v1 PodDisruptionBudget': 'io.k8s.api.policy.v1.PodDisruptionBudget',
};
const { $defs } = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures/kubernetes/schemas.json'), 'utf8')) as { $defs: object };

/** The part of the Prometheus operator's CRD that is used here (monitoring.coreos.com/v1, api-reference/api.md of the operator). */
const serviceMonitor = z.strictObject({
  apiVersion: z.literal('monitoring.coreos.com/v1'),
  kind: z.literal('ServiceMonitor'),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.strictObject({
    selector: z.strictObject({ matchLabels: z.record(z.string(), z.string()) }),
    endpoints: z.array(z.strictObject({ port: z.string(), path: z.string().startsWith('/'), interval: z.string().regex(/^\d+(ms|s|m|h)$/) })).min(1),
  }),
});

const validators = new Map<string, z.ZodType>();
function problems(manifest: Manifest): string[] {
  const kind = `${manifest.apiVersion} ${manifest.kind}`;
  let validator = manifest.kind === 'ServiceMonitor' ? serviceMonitor : validators.get(kind);
  if (validator === undefined) {
    const name = DEFINED[kind];
    if (name === undefined) return [`${kind}: not a kind that is checked`];
    validator = z.fromJSONSchema({ $ref: `#/$defs/${name}`, $defs } as Parameters<typeof z.fromJSONSchema>[0]);
    validators.set(kind, validator);
  }
  return validator.safeParse(manifest).error?.issues.map(({ path, message }) => `${kind} ${path.join('.')}: ${message}`) ?? [];
}

async function configOf(manifests: readonly Manifest[], env: Record<string, string>): Promise<Config> {
  const folder = mkdtempSync(join(tmpdir(), 'orchestrator-test-'));
  writeFileSync(join(folder, 'gateway.yaml'), manifests.find(({ kind }) => kind === 'ConfigMap')?.data?.['gateway.yaml'] ?? '');
  try {
    return await loadConfig({ directory: folder, defaultsDirectory: join(ROOT, 'config'), env });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the Kubernetes manifests', () => {
  it.each(files)('%s fits the schema of its kind', (name) => {
    expect(read(name).flatMap(problems)).toEqual([]);
  });

  it('are refused by that check for a field that does not exist, a wrong type and a missing selector', () => {
    const [deployment] = read('base/deployment.yaml');
    const broken = { ...deployment, spec: { ...deployment?.spec, replicas: 'two', selector: undefined, replica: 1 } } as Manifest;
    expect(problems(broken).join('\n')).toMatch(/replicas[\s\S]*selector[\s\S]*replica/);
  });

  it.each(['base/deployment.yaml', 'redis/redis.yaml'])('give the pod of %s probes, no root and no writable root file system', (name) => {
    const template = read(name)[0]?.spec?.['template'] as { spec: { containers: object[] } };
    expect(template.spec).toMatchObject({ securityContext: { runAsNonRoot: true }, automountServiceAccountToken: false });
    expect(template.spec.containers[0]).toMatchObject({
      securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
      livenessProbe: {},
      readinessProbe: {},
    });
  });

  it('ask /healthz whether the gateway lives and /readyz whether it can answer', () => {
    const template = read('base/deployment.yaml')[0]?.spec?.['template'] as { spec: { containers: object[] } };
    expect(template.spec.containers[0]).toMatchObject({
      livenessProbe: { httpGet: { path: '/healthz' } },
      readinessProbe: { httpGet: { path: '/readyz' } },
      startupProbe: { httpGet: { path: '/healthz' } },
    });
  });

  it('hold no key', () => {
    for (const { kind, data } of files.flatMap(read)) if (kind === 'Secret') expect(data).toBeUndefined();
  });

  it('hold for one gateway a configuration it accepts', async () => {
    const config = await configOf(read('base/configmap.yaml'), {});
    expect(config.auth).toMatchObject({ required: 'auto', public_metrics: true });
  });
});

describe.skipIf(!kubectl)('the manifests as kubectl builds them (skipped without kubectl)', () => {
  it.each([
    ['base', ['ConfigMap', 'Deployment', 'PersistentVolumeClaim', 'Secret', 'Service', 'ServiceMonitor']],
    [
      'scaled',
      [
        'ConfigMap',
        'Deployment',
        'Deployment',
        'HorizontalPodAutoscaler',
        'NetworkPolicy',
        'NetworkPolicy',
        'PersistentVolumeClaim',
        'PodDisruptionBudget',
        'Secret',
        'Service',
        'Service',
        'ServiceMonitor',
      ],
    ],
  ])('make of %s what it should hold, fitting the schemas', (folder, kinds) => {
    const built = build(folder);
    expect(built.map(({ kind }) => kind).sort()).toEqual(kinds);
    expect(built.flatMap(problems)).toEqual([]);
  });

  it('scale gateways that share one Redis and want a key', async () => {
    const built = build('scaled');
    const secret = 's'.repeat(32);
    const config = await configOf(built, { ORCHESTRATOR_SECRET: secret });
    expect(config.redis).toMatchObject({ url: 'redis://orchestrator-redis:6379', secret });
    expect(config.auth.required).toBe('auto');
    expect(built.filter(({ kind }) => kind === 'Service').map(({ metadata }) => metadata.name)).toContain('orchestrator-redis');
    await expect(configOf(built, {})).rejects.toThrow(/ORCHESTRATOR_SECRET is not set/);
  });

  it('let the monitor and the budget see gateways only', () => {
    const labelled = build('scaled').filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/name'] === 'orchestrator');
    expect(labelled.filter(({ kind }) => kind === 'Service').map(({ metadata }) => metadata.name)).toEqual(['orchestrator']);
    expect(labelled.map(({ metadata }) => metadata.name).filter((name) => name.includes('redis'))).toEqual([]);
  });
});
