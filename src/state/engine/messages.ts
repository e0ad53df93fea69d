import type { StateLimits } from '../state.ts';
import type { Operation } from './operations.ts';
import type { Outcome } from './outcome.ts';

/** What the thread of the database is started with. */
export interface ServerSettings {
  readonly directory: string;
  readonly limits: StateLimits;
  readonly maxPages?: number;
}

export type LogLevel = 'info' | 'warn' | 'error';

/** To the thread of the database. One request at a time; each is answered. */
export type Request = { readonly type: 'group'; readonly operations: readonly Operation[] } | { readonly type: 'checkpoint' } | { readonly type: 'close' };

/** From the thread of the database. `opened` comes once, first. */
export type Reply =
  | { readonly type: 'opened'; readonly outcome: Outcome }
  | { readonly type: 'outcomes'; readonly outcomes: readonly Outcome[] }
  | { readonly type: 'log'; readonly level: LogLevel; readonly fields: Readonly<Record<string, unknown>>; readonly message: string };

/** The two directions of a MessagePort that are needed. */
export interface Port {
  postMessage(reply: Reply): void;
  on(event: 'message', listener: (request: Request) => void): unknown;
  close(): void;
}
