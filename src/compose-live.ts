import type { Logger } from 'pino';
import type { Cluster } from './cluster.ts';
import { readBenchmarks } from './compose-benchmarks.ts';
import type { Strategies } from './compose-strategies.ts';
import { type Config, ConfigError } from './config.ts';
import { type RoutingConfig, routingSchema } from './config-schema.ts';
import type { ChatRequest } from './core/chat.ts';
import { GatewayError } from './core/errors.ts';
import { BUILT_IN_TASKS } from './core/model.ts';
import type { Classified, Rules } from './gateway.ts';
import type { Resolution } from './policy/names.ts';
import type { State } from './state/state.ts';

/** What of the configuration may change while running, and how it is changed: as a whole or not at all. */
export interface Live {
  config(): Config;
  rules(): Rules;
  classify(request: ChatRequest): Classified;
  strategies(): Strategies;
  /** Reads the configuration folder anew. Throws with file, key and reason, and then everything stays as it was. */
  reload(): Promise<void>;
  /** The routing rules in effect; `edited` when they were set here rather than in the file. */
  routing(): { readonly rules: RoutingConfig; readonly edited: boolean };
  /** Puts other routing rules in effect at once; they stay until the file changes. Throws with key and reason, and then the old rules stay. */
  putRouting(rules: unknown): Promise<void>;
}

interface Edit {
  /** The file's rules that the edit was laid over. */
  readonly base: string;
  readonly rules: unknown;
}

/** Parts of the configuration that only a new start takes up. */
const FIXED = ['server', 'limits', 'cache', 'redis', 'privacy', 'auth', 'state', 'discovery', 'schedules'] as const;

export async function composeLive(options: {
  readonly config: Config;
  /** Reads the configuration anew; absent where it did not come from a folder. */
  readonly load: (() => Promise<Config>) | undefined;
  readonly state: State;
  readonly cluster: Cluster;
  readonly log: Logger;
  readonly classifier: { of(config: Config): (request: ChatRequest) => Classified };
  readonly strategies: (config: Config) => Strategies;
  /** Bytes that models may take on this machine; undefined while nobody knows. */
  readonly memoryBytes: () => number | undefined;
  /** What a model name means now. */
  readonly resolve: (name: string, rules: Rules) => Resolution;
  /** The configuration is another one now. */
  readonly changed: (config: Config) => void;
  /** Other providers are wanted; resolves when they are in the rotation. Throws before anything changes when one cannot be built. */
  readonly replaceProviders: (entries: Config['providers']) => Promise<void>;
}): Promise<Live> {
  const { state, cluster, log } = options;

  const build = (config: Config) => {
    const strategies = options.strategies(config);
    const classify = options.classifier.of(config);
    readBenchmarks(config.benchmarks);
    const { routing } = config;
    const tasks = [...new Set([...Object.keys(routing.keywords), ...Object.keys(routing.examples)])];
    const fixed = {
      mapping: routing.task_model_mapping,
      override: routing.priority_override,
      balance: routing.balance,
      exploration: routing.learning ? routing.exploration : 0,
      aliases: config.aliases,
      tasks,
      workflows: strategies.workflows.map(({ name }) => name),
    };
    let known: Rules | undefined;
    /** The same object as long as nothing changed: what depends on the rules may be kept beside them. */
    const rules = (): Rules => {
      const memoryBytes = options.memoryBytes();
      if (known === undefined || known.ensemble.memoryBytes !== memoryBytes) {
        known = { ...fixed, ensemble: { ...routing.ensemble, judge: routing.ensemble.judge, memoryBytes } };
      }
      return known;
    };
    return { config, strategies, classify, rules };
  };

  let file = options.config;
  let edit = readEdit(await state.kv.get('rules', 'edit'));
  if (edit !== undefined && edit.base !== JSON.stringify(file.routing)) {
    log.warn({}, 'routing.yaml has changed since rules were set over it; the file is in effect');
    edit = undefined;
  }
  let current = build(edit === undefined ? file : { ...file, routing: parseRules(edit.rules) });

  /** All of it is built before any of it is taken up. */
  const take = (config: Config): void => {
    const next = build(config);
    const problem = findUnknown(config, (name) => options.resolve(name, next.rules()));
    if (problem !== undefined) throw new ConfigError(`routing.yaml: ${problem}`);
    current = next;
    options.changed(config);
  };

  /** Another worker set rules, or put the file's back in effect. */
  const sync = async (): Promise<void> => {
    const set = readEdit(await state.kv.get('rules', 'edit'));
    take({ ...current.config, routing: set === undefined ? file.routing : parseRules(set.rules) });
    edit = set;
  };
  const warn = (error: Error): void => log.error({ reason: error.message }, 'the rules another worker set were not taken up');
  cluster.onStateChange(({ name, args }) => {
    return (name === 'kv.set' || name === 'kv.delete') && args[0] === 'rules' ? sync().catch(warn) : undefined;
  });

  return {
    config: () => current.config,
    rules: () => current.rules(),
    classify: (request) => current.classify(request),
    strategies: () => current.strategies,
    async reload() {
      if (options.load === undefined) throw new ConfigError('this gateway was started without a configuration folder');
      const next = await options.load();
      const fixed = FIXED.filter((key) => JSON.stringify(next[key]) !== JSON.stringify(file[key]));
      const stays = edit !== undefined && edit.base === JSON.stringify(next.routing);
      const others = JSON.stringify(next.providers) !== JSON.stringify(file.providers);
      if (others) await options.replaceProviders(next.providers);
      try {
        take(stays ? { ...next, routing: current.config.routing } : next);
      } catch (error) {
        if (others) await options.replaceProviders(file.providers);
        throw error;
      }
      file = next;
      if (!stays && edit !== undefined) {
        edit = undefined;
        await state.kv.delete('rules', 'edit');
      }
      log.info({ ...(fixed.length > 0 && { needRestart: fixed }) }, 'configuration read anew');
    },
    routing: () => ({ rules: current.config.routing, edited: edit !== undefined }),
    async putRouting(rules) {
      take({ ...current.config, routing: parseRules(rules) });
      edit = { base: JSON.stringify(file.routing), rules };
      await state.kv.set('rules', 'edit', edit);
      log.info({}, 'routing rules set');
    },
  };
}

function readEdit(value: unknown): Edit | undefined {
  if (value === null || typeof value !== 'object' || !('base' in value) || typeof value.base !== 'string' || !('rules' in value)) return undefined;
  return routingSchema.safeParse(value.rules).success ? { base: value.base, rules: value.rules } : undefined;
}

function parseRules(rules: unknown): RoutingConfig {
  const parsed = routingSchema.safeParse(rules ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new GatewayError('invalid-request', `${issue?.path.map(String).join('.') || 'rules'}: ${issue?.message ?? 'invalid'}`, {
    param: issue?.path.map(String).join('.') || 'rules',
  });
}

/** The first name in the rules that means nothing here: a task nobody taught, a model nobody has. */
function findUnknown({ routing }: Config, resolve: (name: string) => Resolution): string | undefined {
  const tasks = new Set<string>([...BUILT_IN_TASKS, ...Object.keys(routing.keywords), ...Object.keys(routing.examples)]);
  const named: [string, string | undefined][] = [
    ...Object.entries(routing.task_model_mapping).map(([task, model]): [string, string] => [`task_model_mapping.${task}`, model]),
    ...Object.entries(routing.priority_override).map(([task, model]): [string, string] => [`priority_override.${task}`, model]),
    ...routing.ensemble.models.map((model, index): [string, string] => [`ensemble.models.${index}`, model]),
    ['ensemble.judge', routing.ensemble.judge],
    ['classifier.llm_model', routing.classifier.llm_model],
  ];
  if (!tasks.has(routing.default_task)) return `default_task: there is no task '${routing.default_task}'; there are ${[...tasks].join(', ')}`;
  for (const [key, model] of named) {
    const task = /^(?:task_model_mapping|priority_override)\.(.+)$/.exec(key)?.[1];
    if (task !== undefined && !tasks.has(task)) return `${key}: there is no task '${task}'; there are ${[...tasks].join(', ')}`;
    if (model === undefined) continue;
    const found = resolve(model);
    if (found.kind !== 'model') {
      const nearest = found.kind === 'unknown' && found.nearest.length > 0 ? `; nearest: ${found.nearest.join(', ')}` : '';
      return `${key}: there is no model '${model}' here${nearest}`;
    }
  }
  return undefined;
}
