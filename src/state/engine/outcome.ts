import { type ErrorDetails, type ErrorKind, GatewayError } from '../../core/errors.ts';

/** What came of an operation, in a form that may cross a thread. */
export type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly kind: ErrorKind; readonly message: string; readonly details: ErrorDetails };

/** How long a caller should wait for a disk that is full or failing. */
const RETRY_AFTER_MS = 5_000;

// Primary result codes of SQLite (sqlite.org/rescode.html).
const DISK_CODES: readonly number[] = [8 /* READONLY */, 10 /* IOERR */, 13 /* FULL */, 14 /* CANTOPEN */];
const CORRUPT_CODES: readonly number[] = [11 /* CORRUPT */, 26 /* NOTADB */];

/** The primary SQLite result code of something thrown, if it is one of SQLite's errors. */
export const sqliteCode = (thrown: unknown): number | undefined => {
  const code = thrown instanceof Error ? (thrown as Error & { errcode?: unknown }).errcode : undefined;
  return typeof code === 'number' ? code & 0xff : undefined;
};

/** Whether the disk, not the caller, is to blame. */
export const isDiskError = (thrown: unknown): boolean => DISK_CODES.includes(sqliteCode(thrown) ?? -1);

/** Whether the bytes of the database are wrong. */
export const isCorruption = (thrown: unknown): boolean => CORRUPT_CODES.includes(sqliteCode(thrown) ?? -1);

/** The refusal every caller gets while the store cannot write. */
export const unavailable = (cause?: unknown): GatewayError =>
  new GatewayError('unavailable', 'The state store cannot write at the moment. It resumes by itself; try again later.', {
    retryAfterMs: RETRY_AFTER_MS,
    ...(cause === undefined ? {} : { cause }),
  });

/** An error as an outcome; what is no GatewayError becomes 'unavailable' (the disk) or 'internal'. */
export const toFailure = (thrown: unknown): Outcome & { ok: false } => {
  const error = isDiskError(thrown) || isCorruption(thrown) ? unavailable() : GatewayError.from(thrown);
  const { cause, ...details } = error.details;
  const reason = cause ?? (error === thrown ? undefined : thrown);
  return {
    ok: false,
    kind: error.kind,
    message: error.message,
    details: reason === undefined ? details : { ...details, cause: reason instanceof Error ? reason.message : String(reason) },
  };
};

/** The value of an outcome. @throws GatewayError what the operation threw. */
export const unwrap = (outcome: Outcome): unknown => {
  if (outcome.ok) return outcome.value;
  throw new GatewayError(outcome.kind, outcome.message, outcome.details);
};
