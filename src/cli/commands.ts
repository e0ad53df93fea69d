import type { Command } from './command.ts';

/** Every command, in the order of the overview. Each is loaded when it is called: asking a question must not cost loading the gateway. */
const LOADERS: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./start.ts')).start,
  ask: async () => (await import('./ask.ts')).ask,
  route: async () => (await import('./route.ts')).route,
  compare: async () => (await import('./compare.ts')).compare,
  run: async () => (await import('./run.ts')).run,
  profile: async () => (await import('./profile.ts')).profile,
  warmup: async () => (await import('./warmup.ts')).warmup,
  hardware: async () => (await import('./hardware.ts')).hardware,
  batch: async () => (await import('./batch.ts')).batch,
  mcp: async () => (await import('./mcp.ts')).mcp,
  keys: async () => (await import('./keys.ts')).keys,
  doctor: async () => (await import('./doctor.ts')).doctor,
  config: async () => (await import('./config.ts')).configCommand,
  completion: async () => (await import('./completion.ts')).createCompletion(loadCommands),
};

export const COMMAND_NAMES: readonly string[] = Object.keys(LOADERS);

/** The command of that name; undefined when there is none. */
export const loadCommand = async (name: string): Promise<Command | undefined> => (Object.hasOwn(LOADERS, name) ? LOADERS[name]?.() : undefined);

export const loadCommands = (): Promise<readonly Command[]> => Promise.all(Object.values(LOADERS).map((load) => load()));
