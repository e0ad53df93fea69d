import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { ChatEvent, ChatStream } from '../../core/chat.ts';
import { GatewayError } from '../../core/errors.ts';
import type { DiscoveredModel } from '../../core/model.ts';
import type { ChatCall, Provider } from '../../core/provider.ts';
import { toFailure } from './failure.ts';
import type { Guard } from './guard.ts';
import { runProgram } from './process.ts';
import { toPrompt } from './prompt.ts';
import { createReader, type Reading } from './readers.ts';
import { CAPABILITIES, COMMON_ENV, isModelName, TOOLS, type ToolName } from './tools.ts';

export interface CliOptions {
  readonly name: string;
  readonly tool: ToolName;
  /** Program and first arguments, from the configuration only. */
  readonly command: readonly string[];
  /** Models it serves; none means its own default. */
  readonly models: readonly string[];
  /** Further environment variables it may see. */
  readonly env: readonly string[];
  readonly outputBytes: number;
  /** The gateway's environment, of which the program sees the allowed names. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly guard: Guard;
  readonly createId: () => string;
}

/** Time for `--version`, ms. */
const VERSION_MS = 15_000;

/** The absolute path of a program: as configured, or found in PATH. */
async function resolveProgram(command: string, path: string): Promise<string | undefined> {
  const candidates = isAbsolute(command)
    ? [command]
    : command.includes('/')
      ? []
      : path
          .split(':')
          .filter(isAbsolute)
          .map((folder) => join(folder, command));
  for (const candidate of candidates) {
    if (await isProgram(candidate)) return candidate;
  }
  return undefined;
}

const isProgram = async (path: string): Promise<boolean> => {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
};

/** A command-line program as a provider: each request is one call of it, without a shell. */
export function createCliProvider(options: CliOptions): Provider {
  const { name, environment, guard } = options;
  const tool = TOOLS[options.tool];
  const [command = '', ...extra] = options.command;
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();
  const found = resolveProgram(command, environment['PATH'] ?? '');
  let version: { readonly stamp: string; readonly text: Promise<string | undefined> } | undefined;

  const allowed = [...COMMON_ENV, ...tool.env, ...options.env];
  const env: Record<string, string> = { NO_COLOR: '1', TERM: 'dumb' };
  for (const variable of allowed) {
    const value = environment[variable];
    if (value !== undefined) env[variable] = value;
  }

  /** Checked again before every start: a path that pointed to a program once may not for ever. */
  const program = async (): Promise<string> => {
    const path = await found;
    if (path !== undefined && (await isProgram(path))) return path;
    const where = isAbsolute(command) ? '' : ' in PATH';
    throw new GatewayError('unavailable', `'${name}': there is no program '${command}'${where}. Install it, or name its absolute path.`, {
      target: name,
      code: 'cli_missing',
    });
  };

  const readVersion = async (path: string): Promise<string | undefined> => {
    if (options.tool === 'command') return undefined;
    let output = '';
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(VERSION_MS)]);
    const lines = runProgram({ guard, program: path, args: ['--version'], env, input: '', maxBytes: 65_536, signal, id: options.createId(), target: name });
    for await (const batch of lines) output += `${batch.join('\n')}\n`;
    return /\d+\.\d+[\w.+-]*/.exec(output)?.[0];
  };

  /** Asked once for each state of the program's file: looking at models must not start processes. */
  const versionOf = async (path: string): Promise<string | undefined> => {
    const { mtimeMs, size } = await stat(path);
    const stamp = `${mtimeMs} ${size}`;
    if (version?.stamp !== stamp) version = { stamp, text: readVersion(path).catch(() => undefined) };
    return version.text;
  };

  const defaultModel = async (): Promise<string | undefined> => {
    const place = tool.defaultModel;
    if (place === undefined) return undefined;
    const own = place.folderVariable === undefined ? undefined : environment[place.folderVariable];
    const text = await readFile(join(own ?? join(environment['HOME'] ?? '/', place.folder), place.file), 'utf8').catch(() => '');
    const model = place.find.exec(text)?.[1];
    return model !== undefined && isModelName(model) ? model : undefined;
  };

  const toEvents = (reading: Reading): ChatEvent[] => {
    switch (reading.type) {
      case 'text':
      case 'reasoning':
        return reading.text === '' ? [] : [{ type: reading.type, delta: reading.text }];
      case 'done':
        return [{ type: 'finish', reason: reading.reason, usage: reading.usage }];
      case 'failed':
        return [];
    }
  };

  async function* chat(call: ChatCall): ChatStream {
    const input = toPrompt(call.request);
    const own = call.model === name || call.model === tool.name ? undefined : call.model;
    if (own !== undefined && !isModelName(own))
      throw new GatewayError('invalid-request', `'${own.slice(0, 100)}' cannot be the name of a model.`, { param: 'model' });
    const path = await program();
    const reader = createReader(options.tool);
    let release = (): void => undefined;
    const done = new Promise<void>((resolve) => {
      release = resolve;
    });
    running.add(done);
    let said: string | undefined;
    let finished = false;
    try {
      const lines = runProgram({
        guard,
        program: path,
        args: tool.args(extra, own),
        env,
        input,
        maxBytes: options.outputBytes,
        signal: AbortSignal.any([call.signal, closing.signal]),
        id: options.createId(),
        target: name,
      });
      yield [{ type: 'start', model: call.model }];
      const take = (readings: readonly Reading[]): ChatEvent[] => {
        const events: ChatEvent[] = [];
        for (const reading of readings) {
          if (reading.type === 'failed') said = reading.message;
          for (const event of toEvents(reading)) {
            if (finished) continue;
            finished = event.type === 'finish';
            events.push(event);
          }
        }
        return events;
      };
      try {
        let next = await lines.next();
        while (next.done !== true) {
          const events = take(next.value.flatMap((line) => reader.line(line)));
          if (events.length > 0) yield events;
          if (said !== undefined || finished) break;
          next = await lines.next();
        }
        if (next.done === true && next.value.code !== 0) throw toFailure(tool, name, next.value.stderr, next.value.code);
        if (said !== undefined) throw toFailure(tool, name, said, 1);
        if (finished) return;
        const events = take(reader.end());
        if (events.length > 0) yield events;
        if (!finished) throw toFailure(tool, name, next.done === true ? next.value.stderr : '', 0);
      } finally {
        await lines.return({ code: null, stderr: '' });
      }
    } finally {
      release();
      running.delete(done);
    }
  }

  return {
    name,
    kind: 'cli',
    async models() {
      await program();
      const names =
        options.models.length > 0 ? options.models.filter(isModelName) : [(await defaultModel()) ?? (options.tool === 'command' ? name : tool.name)];
      return names.map(
        (model): DiscoveredModel => ({
          name: model,
          family: tool.name,
          format: 'cli',
          ownedBy: tool.ownedBy,
          capabilities: CAPABILITIES,
          ...(tool.contextWindow !== undefined && { contextWindow: tool.contextWindow }),
        }),
      );
    },
    loaded: () => Promise.resolve([]),
    async health() {
      const text = await versionOf(await program());
      return text === undefined ? {} : { version: text };
    },
    chat,
    async close() {
      closing.abort(new GatewayError('unavailable', 'The gateway is shutting down.', { code: 'shutting_down', retryAfterMs: 5_000 }));
      await Promise.all(running);
      await guard.close();
    },
  };
}
