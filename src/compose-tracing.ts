import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Tracing } from './tracing/otlp.ts';

/**
 * Traces, where an endpoint is configured or OpenTelemetry's environment variables name one; undefined otherwise, and then not even the
 * packages are loaded. The configuration wins over the environment.
 */
export async function composeTracing(options: {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  /** Epoch ms, with fractions. */
  readonly now: () => number;
}): Promise<Tracing | undefined> {
  const { config, env, log, now } = options;
  const { tracing } = config;
  const url = endpointOf(tracing.endpoint ?? env['OTEL_EXPORTER_OTLP_ENDPOINT'], tracing.endpoint === undefined, env);
  if (url === undefined) return undefined;
  const { startTracing } = await import('./tracing/otlp.ts');
  const headers = pairs(env['OTEL_EXPORTER_OTLP_TRACES_HEADERS'] ?? env['OTEL_EXPORTER_OTLP_HEADERS']);
  log.info({ endpoint: new URL(url).origin }, 'traces are sent');
  return startTracing({
    url,
    headers: { ...headers, ...tracing.headers },
    resource: { ...pairs(env['OTEL_RESOURCE_ATTRIBUTES']), 'service.name': tracing.service_name ?? env['OTEL_SERVICE_NAME'] ?? 'multi-ai-orchestrator' },
    sample: tracing.sample ?? ratioOf(env),
    now,
    onFailure: (message) => log.warn({ reason: message }, 'traces could not be sent'),
  });
}

/** The full address: a base gets /v1/traces appended, as the specification of the exporters says. */
function endpointOf(base: string | undefined, fromEnv: boolean, env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (fromEnv) {
    if (env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true' || env['OTEL_TRACES_EXPORTER'] === 'none') return undefined;
    const whole = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];
    if (whole !== undefined && URL.canParse(whole)) return whole;
  }
  if (base === undefined || base === '' || !URL.canParse(base)) return undefined;
  return /\/v1\/traces\/?$/.test(base) ? base : `${base.replace(/\/+$/, '')}/v1/traces`;
}

/** `a=1,b=2`, values percent-encoded, as OpenTelemetry's variables are written. */
function pairs(text: string | undefined): Record<string, string> {
  const entries = (text ?? '').split(',').flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=');
    return at < 1 ? [] : [[pair.slice(0, at).trim(), decoded(pair.slice(at + 1).trim())]];
  });
  return Object.fromEntries(entries);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function ratioOf(env: Readonly<Record<string, string | undefined>>): number {
  const sampler = env['OTEL_TRACES_SAMPLER'] ?? '';
  if (sampler.endsWith('always_off')) return 0;
  const ratio = Number(env['OTEL_TRACES_SAMPLER_ARG'] ?? 1);
  return sampler.endsWith('traceidratio') && ratio >= 0 && ratio <= 1 ? ratio : 1;
}
