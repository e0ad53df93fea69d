import { z } from 'zod';
import { gatewaySchema, modelsSchema, performanceSchema, routingSchema } from './config-schema.ts';

/** The part of JSON Schema that zod writes for our configuration. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly required?: readonly string[];
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
}

const FILES = {
  gateway: 'Where the gateway listens, what stands behind it, and what it allows.',
  models: 'What you know better than the gateway about single models: a list of entries, or a mapping from name to entry.',
  routing: 'How requests are told apart and who answers them.',
  performance: 'Concurrency, the cache and hardware.',
} as const;

export type ConfigFile = keyof typeof FILES;

const written = (schema: z.ZodType): JsonSchema => z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;

/** What each configuration file may hold, as JSON Schema for editors. */
export function configSchemas(): Record<ConfigFile, JsonSchema> {
  const list = written(modelsSchema.out);
  const named = { type: 'object', additionalProperties: { ...list.items, required: [] } } as const;
  const { $schema = '', ...entries } = list;
  const plain = {
    gateway: written(gatewaySchema),
    models: { $schema, anyOf: [entries, named] },
    routing: written(routingSchema),
    performance: written(performanceSchema),
  };
  const titled = (Object.keys(FILES) as ConfigFile[]).map((name) => [name, { title: `config/${name}.yaml`, description: FILES[name], ...plain[name] }]);
  return Object.fromEntries(titled) as Record<ConfigFile, JsonSchema>;
}

/** Largest whole number that JSON Schema writers put where there is no bound. */
const UNBOUNDED = Number.MAX_SAFE_INTEGER;

function typeOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  const options = schema.oneOf ?? schema.anyOf;
  if (options !== undefined) return [...new Set(options.map(typeOf))].join(' or ');
  if (schema.type === 'array') return `list of ${schema.items === undefined ? 'anything' : typeOf(schema.items)}`;
  if (schema.type === 'object') return typeof schema.additionalProperties === 'object' ? `mapping to ${typeOf(schema.additionalProperties)}` : 'object';
  const low = schema.exclusiveMinimum !== undefined ? `> ${schema.exclusiveMinimum}` : schema.minimum !== undefined ? `${schema.minimum}` : '';
  const high = schema.maximum !== undefined && schema.maximum !== UNBOUNDED ? `${schema.maximum}` : '';
  const bounds = high !== '' ? ` ${low} to ${high}` : low === '' ? '' : low.startsWith('>') ? ` ${low}` : ` from ${low}`;
  return `${schema.format === 'uri' ? 'address' : (schema.type ?? 'anything')}${bounds}`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** One row per setting; objects are unfolded with dotted names. */
function rowsOf(schema: JsonSchema, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, entry]) => {
    const path = `${prefix}${name}`;
    if (entry.properties !== undefined) return rowsOf(entry, `${path}.`);
    const initial = schema.required?.includes(name) ? 'required' : entry.default === undefined ? '' : `\`${JSON.stringify(entry.default)}\``;
    const own = entry.type === 'array' && entry.items?.properties !== undefined ? rowsOf(entry.items, `${path}[].`) : [];
    return [`| \`${path}\` | ${cell(typeOf(entry))} | ${cell(initial)} | ${cell(entry.description ?? '')} |`, ...own];
  });
}

const HEAD = '| setting | takes | default | |\n|---|---|---|---|';

const table = (schema: JsonSchema, prefix = ''): string => `${HEAD}\n${rowsOf(schema, prefix).join('\n')}`;

/** docs/configuration.md: every setting with its type, default and meaning, read off the schema. */
export function configReference(): string {
  const schemas = configSchemas();
  const { providers, ...gateway } = schemas.gateway.properties ?? {};
  const kinds = providers?.items?.oneOf ?? [];
  const shared = Object.keys(kinds[0]?.properties ?? {}).filter((name) => kinds.every(({ properties }) => properties?.[name] !== undefined) && name !== 'type');
  const pick = (schema: JsonSchema, keep: (name: string) => boolean): JsonSchema => ({
    ...schema,
    properties: Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([name]) => keep(name))),
  });
  const sections = kinds.map((kind) => {
    const own = pick(kind, (name) => !shared.includes(name) && name !== 'type');
    return `### providers: \`type: ${String(kind.properties?.['type']?.const)}\`\n\n${table(own)}`;
  });
  const entry = schemas.models.anyOf?.[0]?.items ?? {};
  return `${INTRODUCTION}
## gateway.yaml

${FILES.gateway}

${table({ ...schemas.gateway, properties: gateway })}

### providers

${providers?.description ?? ''} Every entry may have:

${table(pick(kinds[0] ?? {}, (name) => shared.includes(name)))}

${sections.join('\n\n')}

## models.yaml

${FILES.models}

${table(entry)}

## routing.yaml

${FILES.routing}

${table(schemas.routing)}

## performance.yaml

${FILES.performance}

${table(schemas.performance)}
`;
}

const INTRODUCTION = `# Configuration

Written by \`npm run docs\` from \`src/config-schema.ts\`; a test fails when it is out of date.

A folder, \`config/\` unless \`--config DIR\` or \`ORCHESTRATOR_CONFIG\` names another. It works unedited, and a folder of your
own may hold only some of the files: the others keep their defaults. JSON is accepted as it is YAML. A value that does not
fit stops the start with the file, the setting and what was expected; \`orchestrator config check\` says the same without
starting.

\`\${NAME}\` in a text stands for an environment variable, \`\${NAME:-value}\` gives it a default. Editors complete and check
the files by the schemas in \`config/schema/\`. Units stand in the names: \`_ms\` milliseconds, \`_s\` seconds.

Besides these four files the folder may hold \`workflows/*.yaml\` and \`prompts/*.md\` (see [ensembles](ensembles.md)), and
\`benchmarks.yaml\`, published figures of models with their sources (see [routing](routing.md)).

| environment variable | sets |
|---|---|
| \`ORCHESTRATOR_HOST\`, \`ORCHESTRATOR_PORT\` | \`server.host\`, \`server.port\`; \`--host\` and \`--port\` win |
| \`ORCHESTRATOR_CONFIG\` | the configuration folder |
| \`ORCHESTRATOR_STATE\` | where keys, learned data and models are kept |
| \`ORCHESTRATOR_MODELS\` | where the embedded models are kept, when not under the state |
| \`ORCHESTRATOR_ADMIN_KEY\` | an admin key for the first step, at least 24 characters; never stored |
| \`OLLAMA_HOST\` | the Ollama that is looked for when no provider is configured |
| \`ORCHESTRATOR_URL\`, \`ORCHESTRATOR_KEY\` | the gateway and the key that the command line uses |
`;
