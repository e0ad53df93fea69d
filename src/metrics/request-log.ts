import type { Observation, Observer } from '../core/observation.ts';

interface Log {
  readonly info: (fields: Readonly<Record<string, unknown>>, message: string) => void;
  readonly warn: (fields: Readonly<Record<string, unknown>>, message: string) => void;
  isLevelEnabled(level: string): boolean;
}

const round = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : Math.round(ms * 10) / 10);

const text = (name: string, value: string | undefined): string => (value === undefined ? '' : `,"${name}":${JSON.stringify(value)}`);
const number = (name: string, value: number | undefined): string => (value === undefined ? '' : `,"${name}":${value}`);

/** pino's numbers of the two levels. */
const INFO = 30;
const WARN = 40;

/** Times in ISO form; a second's beginning is written once. */
function createStamp(now: () => number): () => string {
  let second = -1;
  let prefix = '';
  return () => {
    const ms = Math.floor(now());
    const whole = Math.floor(ms / 1000);
    if (whole !== second) {
      second = whole;
      prefix = new Date(whole * 1000).toISOString().slice(0, 20);
    }
    return `${prefix}${String(ms - whole * 1000).padStart(3, '0')}Z`;
  };
}

type Finished = Extract<Observation, { type: 'finished' }>;

/**
 * One line a request, of named fields only: never a prompt, an answer, a header or an address. The line is put together here, in
 * the form of the other lines of the log, because a logger that takes any object costs several times as much.
 */
export function createRequestLog(log: Log, write: (line: string) => void, now: () => number): Observer {
  const stamp = createStamp(now);
  const lineOf = (item: Finished, level: number): string =>
    `{"level":${level},"time":"${stamp()}"${text('requestId', item.requestId)},"operation":"${item.operation}","outcome":"${item.outcome}"` +
    `${text('task', item.task)},"strategy":"${item.strategy}"${text('provider', item.target?.provider)}${text('model', item.target?.model)}` +
    `${number('durationMs', round(item.durationMs))}${number('firstTokenMs', round(item.timeToFirstTokenMs))}` +
    `${number('inputTokens', item.usage.inputTokens)}${number('outputTokens', item.usage.outputTokens)},"message":"request"}\n`;
  return (item) => {
    if (item.type !== 'finished') return;
    const fine = item.outcome === 'ok' || item.outcome === 'client-closed';
    if (log.isLevelEnabled(fine ? 'info' : 'warn')) write(lineOf(item, fine ? INFO : WARN));
  };
}
