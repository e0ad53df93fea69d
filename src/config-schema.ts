import { z } from 'zod';

/** Whole milliseconds. */
const ms = z.number().int().min(0);
const count = z.number().int().min(1);
/** Most processes of one host. */
export const MAX_WORKERS = 64;
const taskName = z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/, 'expected a short lower-case name');

const clockFields = {
  connect_ms: ms.describe('Until the upstream accepts the connection.'),
  queue_ms: ms.describe('Waiting for a free slot at a provider.'),
  first_token_ms: ms.describe('Until the first content token; comments and empty deltas do not count.'),
  load_ms: ms.describe('Instead of first_token_ms while the upstream loads the model.'),
  idle_ms: ms.describe('Between two content tokens.'),
  total_ms: ms.describe('The whole request.'),
};

const clocks = z.strictObject({
  connect_ms: clockFields.connect_ms.default(5_000),
  queue_ms: clockFields.queue_ms.default(60_000),
  first_token_ms: clockFields.first_token_ms.default(660_000),
  load_ms: clockFields.load_ms.default(1_200_000),
  idle_ms: clockFields.idle_ms.default(120_000),
  total_ms: clockFields.total_ms.default(3_600_000),
});

const providerBase = {
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/, 'expected letters, digits, _ or -')
    .describe('Stands before the slash in provider/model.'),
  weight: z.number().positive().default(1).describe('Share of the traffic among replicas of a model.'),
  concurrency: count.optional().describe('Requests at once; more wait in the queue.'),
  // Without defaults: what is not set here is what server says.
  timeouts: z.strictObject(clockFields).partial().default({}).describe('Clocks of this provider; what is left out is as under server.'),
  tags: z.array(z.string()).default([]).describe('Words of your own; single-model says that only one model fits in memory at a time.'),
  remote: z.boolean().optional().describe('True: outside your machines; privacy mode "remote" masks what goes there.'),
};

const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an http:// or https:// address' });

const provider = z.discriminatedUnion('type', [
  z.strictObject({
    ...providerBase,
    type: z.literal('ollama'),
    url: httpUrl,
    api_key: z.string().optional().describe('Sent as a Bearer token.'),
  }),
  z.strictObject({
    ...providerBase,
    type: z.literal('openai'),
    url: httpUrl.describe('Ends with /v1.'),
    api_key: z.string().optional().describe('Sent as a Bearer token.'),
    models: z.array(z.string()).optional().describe('Models it serves, where it does not list them itself.'),
    context_window: count.optional().describe('Tokens, where the server does not tell.'),
    capabilities: z
      .array(z.enum(['completion', 'tools', 'vision', 'embedding', 'thinking', 'insert', 'audio']))
      .optional()
      .describe('What its models can do, where the server does not tell.'),
  }),
  z.strictObject({
    ...providerBase,
    type: z.literal('llama-cpp'),
    models: z
      .array(z.union([z.string(), z.strictObject({ name: z.string(), path: z.string() })]))
      .default([])
      .describe('GGUF files; empty means the small built-in models.'),
    context_window: count.default(4096).describe('Tokens per sequence.'),
  }),
  z.strictObject({
    ...providerBase,
    type: z.literal('cli'),
    command: z.array(z.string()).min(1).describe('Program and arguments; no shell is involved.'),
    tool: z.enum(['codex', 'gemini', 'claude', 'command']).optional().describe('How its output is read; by default from the program name.'),
    models: z.array(z.string()).default([]).describe('Names it offers.'),
    env: z.array(z.string()).default([]).describe('Environment variables the program may see, besides the usual few.'),
    output_bytes: count.default(10 << 20).describe('More output than this ends the call.'),
  }),
]);

export const gatewaySchema = z.strictObject({
  server: z
    .strictObject({
      host: z.string().default('127.0.0.1').describe('Address to listen on.'),
      port: z.number().int().min(0).max(65_535).default(11_435).describe('0 takes a free one.'),
      ...clocks.shape,
      headers_ms: ms.default(15_000).describe('Until the head of a request is there; 0 for no limit.'),
      body_ms: ms.default(60_000).describe('Until the body of a request is there; for uploads, between two pieces of it.'),
      keep_alive_ms: ms.default(72_000).describe('How long an idle connection of a client stays open.'),
      heartbeat_ms: ms.default(15_000).describe('A comment on silent event streams this often; 0 for none.'),
      drain_ms: ms.default(30_000).describe('How long open answers may go on after SIGTERM.'),
      trust_proxy: z.array(z.string()).default([]).describe('Addresses whose X-Forwarded-For is believed.'),
      hosts: z.array(z.string()).default([]).describe('Further Host names accepted on a loopback bind.'),
      origins: z.array(z.string()).default([]).describe('Further browser origins allowed; one * per entry.'),
      workers: z
        .number()
        .int()
        .min(1)
        .max(MAX_WORKERS)
        .default(1)
        .describe('Processes that answer requests on this host; --workers and ORCHESTRATOR_WORKERS win.'),
      max_connections: count.default(16_384).describe('Sockets open at once.'),
    })
    .prefault({}),
  providers: z
    .array(provider)
    .superRefine((entries, context) => {
      for (const [index, { name }] of entries.entries()) {
        if (entries.findIndex((other) => other.name === name) === index) continue;
        context.addIssue({ code: 'custom', path: [index, 'name'], message: `expected a name of its own; another provider is called '${name}'` });
      }
    })
    .optional()
    .describe('Absent: the Ollama at OLLAMA_HOST if it answers, else the embedded engine.'),
  discovery: z
    .strictObject({
      interval_s: z.number().min(1).default(30).describe('How often models are looked for.'),
      timeout_ms: ms.default(5_000).describe('For one look at one provider.'),
      management: z.string().default('first').describe('Which Ollama host takes pull, delete ...: first | all | refuse | a provider name.'),
    })
    .prefault({}),
  aliases: z.record(z.string(), z.string()).default({}).describe('Name a client may send -> model or virtual model.'),
  limits: z
    .strictObject({
      body: count.default(64 << 20).describe('Bytes.'),
      rate: z
        .strictObject({
          enabled: z.boolean().default(false),
          requests: count.default(600).describe('Of one key or address in a window.'),
          window: z.number().positive().default(60).describe('Seconds.'),
        })
        .prefault({}),
      concurrency: count.default(512).describe('Requests at once of one key or address.'),
      queue: z.number().int().min(0).default(512).describe('Requests that may wait at one provider.'),
      calls_per_request: count.default(32).describe('Model calls one request may cause.'),
      batch_concurrency: count.default(10).describe('Lines of /v1/batches that run at once, over all batches.'),
    })
    .prefault({}),
  cache: z
    .strictObject({
      max_bytes: count.default(64 << 20).describe('Memory for kept answers.'),
    })
    .prefault({}),
  redis: z
    .strictObject({
      url: z.string().describe('Redis or Valkey that several gateways share: redis:// or rediss://.'),
      prefix: z.string().default('orchestrator:').describe('Before every name in it.'),
      timeout_ms: z
        .number()
        .positive()
        .default(50)
        .describe('A request waits so long for it, in milliseconds, then goes by what its gateway knows; more for a Redis that is far away.'),
      lease_s: z.number().positive().default(15).describe('A line of a batch is run elsewhere when its gateway was silent for so long, in seconds.'),
      secret: z
        .string()
        .min(32)
        .optional()
        .describe('The same at all gateways: keys made at one of them then hold at each. Without it every gateway has keys of its own.'),
    })
    .optional(),
  privacy: z
    .strictObject({
      mode: z
        .enum(['off', 'log', 'remote', 'all'])
        .default('off')
        .describe('Mask personal data and secrets: never, only count them, before remote providers, before all.'),
      kinds: z.array(z.string()).optional().describe('Which kinds; all when absent.'),
    })
    .prefault({}),
  auth: z
    .strictObject({
      required: z.enum(['auto', 'always', 'never']).default('auto').describe('auto: off on loopback until a key exists, on elsewhere.'),
      public_metrics: z.boolean().default(false).describe('/metrics without a key.'),
    })
    .prefault({}),
  state: z
    .strictObject({
      directory: z.string().optional().describe('Default ~/.multi-ai-orchestrator; ORCHESTRATOR_STATE wins.'),
      log_file: z.string().optional().describe('Log to this file (rotated) instead of stdout.'),
    })
    .prefault({}),
  tracing: z
    .strictObject({
      endpoint: httpUrl.optional().describe('OpenTelemetry collector, OTLP over HTTP, for example http://127.0.0.1:4318; none: no traces.'),
      headers: z.record(z.string(), z.string()).default({}).describe('Sent with the spans, for example an authorization.'),
      service_name: z.string().optional().describe('service.name; OTEL_SERVICE_NAME, else multi-ai-orchestrator.'),
      sample: z.number().min(0).max(1).optional().describe('Share of the requests traced where the caller has not decided; all when absent.'),
    })
    .prefault({}),
  schedules: z
    .array(
      z.strictObject({
        name: z.string(),
        cron: z.string(),
        job: z.enum(['refresh', 'pull', 'benchmarks', 'cache-sweep', 'unload-idle']),
        models: z.array(z.string()).default([]),
      }),
    )
    .default([]),
  benchmark_source: z.string().optional().describe('File or https address of a newer benchmark table, read only by the schedule job "benchmarks".'),
  warmup: z.array(z.string()).default([]).describe('Models to load at start.'),
});

const modelEntry = z.strictObject({
  name: z.string().describe('As listed, with or without provider/ and :latest.'),
  optimal_for: z.array(z.string()).optional().describe('Tasks it is good at: 8 points each.'),
  benchmarks: z.record(z.string(), z.number()).optional().describe('Scores 0-100; one named like a task is its quality there.'),
  vram_required: z.number().min(0).optional().describe('GB.'),
  priority: z.number().min(1).max(10).default(5).describe('2 points per step from 5.'),
  enabled: z.boolean().default(true).describe('false: neither listed nor chosen.'),
  weak_at: z.array(z.string()).optional().describe('Tasks it is bad at: 15 points less.'),
  complement: z.string().optional().describe('The model that takes over where this one is weak.'),
});

/** A list of entries, `models: [...]`, or a mapping from name to entry: all three were in use. */
export const modelsSchema = z.preprocess((value, context) => {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value) || typeof value !== 'object' || !('models' in value)) return modelsOf(value);
  const keys = Object.keys(value).filter((key) => key !== 'models');
  if (keys.length > 0) context.addIssue({ code: 'unrecognized_keys', keys, input: value, message: `Unrecognized key beside models: "${keys.join('", "')}"` });
  return modelsOf(value.models);
}, z.array(modelEntry));

function modelsOf(value: unknown): unknown {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value) || typeof value !== 'object') return value;
  return Object.entries(value).map(([name, entry]) => ({ name, ...(entry as object) }));
}

export const routingSchema = z.strictObject({
  default_task: taskName.default('analysis').describe('Taken when nothing is certain enough.'),
  keywords: z.record(taskName, z.array(z.string())).default({}).describe('Words that hint at a task; a new name makes a new task.'),
  examples: z.record(taskName, z.array(z.string())).default({}).describe('Tasks of your own, taught by example sentences.'),
  task_model_mapping: z.record(taskName, z.string()).default({}).describe('Task -> model, whatever the scores say.'),
  priority_override: z.record(taskName, z.string()).default({}).describe('The same, and wins over task_model_mapping.'),
  classifier: z
    .strictObject({
      threshold: z.number().min(0).max(1).default(0.35).describe('Below this confidence the default task is taken.'),
      llm_model: z.string().optional().describe('A model asked for a second opinion on the task.'),
      llm: z.enum(['off', 'low-confidence', 'always']).default('low-confidence').describe('When it is asked.'),
    })
    .prefault({}),
  ensemble: z
    .strictObject({
      auto: z.boolean().default(false).describe('auto may choose an ensemble for complex requests.'),
      members: z.enum(['mixed', 'self', 'auto']).default('auto').describe('Different models, samples of the best, or whichever fits.'),
      size: z.number().int().min(2).max(8).default(3).describe('Answers asked for.'),
      models: z.array(z.string()).default([]).describe('Members by name instead of the best for the task.'),
      quorum: z.number().int().min(1).max(8).default(2).describe('Answers that are enough.'),
      judge: z.string().optional().describe('Who writes the one answer; the best for the task when absent.'),
      member_ms: ms.default(120_000).describe('For one member.'),
      judge_ms: ms.default(120_000).describe('Until the first word of the judge, and between two.'),
    })
    .prefault({}),
  exploration: z.number().min(0).max(0.2).default(0.02).describe('Share of requests that try another good candidate; 0 for none.'),
  learning: z.boolean().default(true).describe('Measured speed and quality count; false also ends exploration.'),
  balance: z.enum(['round-robin', 'least-busy', 'weighted', 'prefix']).default('prefix').describe('Among replicas of a model.'),
});

export const performanceSchema = z.strictObject({
  parallel_execution: z
    .strictObject({
      max_concurrent: count.default(3).describe('Model calls of one request at once.'),
      timeout: z.number().positive().default(60).describe('Seconds, per ensemble member.'),
      retry_on_failure: z.boolean().default(true).describe('One more try for a member that failed.'),
    })
    .prefault({}),
  caching: z
    .strictObject({
      enabled: z.boolean().default(true).describe('Keep answers and give them again for the same request.'),
      ttl: z.number().positive().default(3600).describe('Seconds.'),
      max_size: count.default(100).describe('Entries.'),
      sampled: z.boolean().default(false).describe('Also cache answers of a temperature above 0.'),
    })
    .prefault({}),
  hardware: z
    .strictObject({
      gpu_memory_utilization: z.number().min(0.05).max(1).default(0.9).describe('For vLLM settings that are recommended.'),
      dtype: z.string().default('float16').describe('For vLLM settings that are recommended.'),
      enable_prefix_caching: z.boolean().default(true).describe('For vLLM settings that are recommended.'),
    })
    .prefault({}),
});

export type GatewayConfig = z.infer<typeof gatewaySchema>;
export type ProviderConfig = z.infer<typeof provider>;
export type Clocks = z.infer<typeof clocks>;
export type ModelEntry = z.infer<typeof modelEntry>;
export type RoutingConfig = z.infer<typeof routingSchema>;
export type PerformanceConfig = z.infer<typeof performanceSchema>;
