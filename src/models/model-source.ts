import type { ModelFile } from './catalogue.ts';

/** What the models write to the log of the program. */
export interface ModelLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

export interface FetchCall {
  readonly file: ModelFile;
  /** An empty folder of this call's own; removed afterwards whatever happened. */
  readonly staging: string;
  /** Bytes received of bytes in all. */
  readonly progress: (receivedBytes: number, totalBytes: number) => void;
  readonly signal: AbortSignal;
}

/** A place that model files come from. */
export interface ModelSource {
  /** As a person reads it, for example 'Hugging Face'. */
  readonly name: string;
  offers(file: ModelFile): boolean;
  /**
   * Brings the file below `staging` and answers its path; its content is verified by the caller. Throws an Error whose message
   * says what went wrong; with `unreachable: true` on it, the source is not asked again in this run.
   */
  fetch(call: FetchCall): Promise<string>;
}

/** The error of a source that cannot be reached at all. */
export const unreachable = (message: string): Error => Object.assign(new Error(message), { unreachable: true });

export const isUnreachable = (error: unknown): boolean => error instanceof Error && 'unreachable' in error && error.unreachable === true;

/** What a person should read of a failure. */
export function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'ENOSPC') return 'the disk is full';
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.message}${cause}`;
}
