import { setTimeout as delay } from 'node:timers/promises';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import { createTracing } from './tracing.ts';

export interface TracingOptions {
  /** Where spans are sent, whole: http://collector:4318/v1/traces. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of the process: service.name and so on. */
  readonly resource: Readonly<Record<string, string>>;
  /** Share of the requests that are traced when the caller has not decided, 0-1. */
  readonly sample: number;
  /** Epoch ms, with fractions. */
  readonly now: () => number;
  /** Told when spans could not be sent; at most once a minute. */
  readonly onFailure: (message: string) => void;
}

/** Spans that wait to be sent; more are dropped. */
const MAX_QUEUE = 2_048;
const MAX_BATCH = 512;
const SEND_EVERY_MS = 2_000;
const TIMEOUT_MS = 5_000;
/** How long an end of the process waits for the last spans. */
const CLOSE_MS = 2_000;
const TELL_EVERY_MS = 60_000;

/** Sends spans by OTLP over HTTP as JSON, in the background; a collector that is gone costs dropped spans and nothing else. */
export function startTracing(options: TracingOptions) {
  let toldAt = Number.NEGATIVE_INFINITY;
  const tell = (message: string): void => {
    if (options.now() - toldAt < TELL_EVERY_MS) return;
    toldAt = options.now();
    options.onFailure(message.slice(0, 300));
  };
  const quiet = (): void => undefined;
  diag.setLogger({ error: tell, warn: tell, info: quiet, debug: quiet, verbose: quiet }, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });

  const exporter = new OTLPTraceExporter({ url: options.url, headers: { ...options.headers }, timeoutMillis: TIMEOUT_MS });
  const processor = new BatchSpanProcessor({
    exporter,
    maxQueueSize: MAX_QUEUE,
    maxExportBatchSize: MAX_BATCH,
    scheduledDelayMillis: SEND_EVERY_MS,
    exportTimeoutMillis: TIMEOUT_MS,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ ...options.resource }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.sample) }),
    spanProcessors: [processor],
  });
  return {
    ...createTracing(provider.getTracer('multi-ai-orchestrator'), options.now),
    /** Sends what waits, for two seconds at most. Never throws. */
    close: async (): Promise<void> => {
      const sent = provider.shutdown().catch((error: unknown) => tell(String(error)));
      await Promise.race([sent, delay(CLOSE_MS, undefined, { ref: false })]);
    },
  };
}

export type Tracing = ReturnType<typeof startTracing>;
