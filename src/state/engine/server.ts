import type { StateLog } from '../state.ts';
import { type Engine, openEngine } from './engine.ts';
import type { LogLevel, Port, Request, ServerSettings } from './messages.ts';
import { READS } from './operations.ts';
import { type Outcome, toFailure } from './outcome.ts';
import { createPaths } from './paths.ts';

/** How old the backup may get while things are written. */
const BACKUP_EVERY_MS = 10 * 60_000;
/** A key or something deleted must not come back with an old backup, nor stay readable in the log. */
const BACKUP_SOON_MS = 2_000;

const URGENT: ReadonlySet<string> = new Set(['keys.insert', 'keys.revoke', 'responses.delete', 'files.delete', 'kv.setDefault', 'events.reset']);

/** Errors travel as text: a thread border takes their codes away, and a log line needs no more. */
const toPlain = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value instanceof Error ? { type: value.name, message: value.message } : value]));

const createPortLog = (port: Port): StateLog => {
  const write = (level: LogLevel) => (fields: Readonly<Record<string, unknown>>, message: string) =>
    port.postMessage({ type: 'log', level, fields: toPlain(fields), message });
  return { info: write('info'), warn: write('warn'), error: write('error') };
};

/** Renews the backup when it is due, and never twice at a time. */
const createBackupSchedule = (engine: Engine, log: StateLog) => {
  let timer: { readonly handle: NodeJS.Timeout; readonly soon: boolean } | undefined;
  let running: Promise<void> | undefined;
  const renew = async (): Promise<void> => {
    try {
      engine.checkpoint();
      await engine.backUp();
    } catch (thrown) {
      log.warn({ err: thrown }, 'the backup of the state store could not be renewed; the old one stays');
    }
  };
  const now = (): Promise<void> => {
    clearTimeout(timer?.handle);
    timer = undefined;
    running = (running ?? Promise.resolve()).then(renew);
    return running;
  };
  return {
    now,
    due: (soon: boolean): void => {
      if (timer !== undefined && (timer.soon || !soon)) return;
      clearTimeout(timer?.handle);
      timer = { handle: setTimeout(() => void now(), soon ? BACKUP_SOON_MS : BACKUP_EVERY_MS), soon };
    },
    stop: async (): Promise<void> => {
      clearTimeout(timer?.handle);
      await running;
    },
  };
};

const attempt = (action: () => unknown): Outcome => {
  try {
    return { ok: true, value: action() };
  } catch (thrown) {
    // What stops the start is told to the person who starts it, in full.
    const failure = toFailure(thrown);
    return failure.kind === 'internal' && thrown instanceof Error ? { ...failure, message: thrown.message } : failure;
  }
};

/** Opens the state directory and answers requests that come over the port until it is told to close. */
export const serveState = (port: Port, settings: ServerSettings): void => {
  const log = createPortLog(port);
  let engine: Engine | undefined;
  const opened = attempt(() => {
    engine = openEngine({ paths: createPaths(settings.directory), log, ...settings });
  });
  port.postMessage({ type: 'opened', outcome: opened });
  if (engine === undefined) {
    port.close();
    return;
  }
  const store = engine;
  const backups = createBackupSchedule(store, log);

  const answer = async (request: Request): Promise<readonly Outcome[]> => {
    switch (request.type) {
      case 'group': {
        const outcomes = store.run(request.operations);
        if (request.operations.some(({ name }) => !READS.has(name))) backups.due(request.operations.some(({ name }) => URGENT.has(name)));
        return outcomes;
      }
      case 'checkpoint':
        await backups.now();
        return [{ ok: true, value: undefined }];
      case 'close':
        await backups.stop();
        store.close();
        return [{ ok: true, value: undefined }];
    }
  };

  port.on('message', (request) => {
    void answer(request).then((outcomes) => {
      port.postMessage({ type: 'outcomes', outcomes });
      if (request.type === 'close') port.close();
    });
  });
};
