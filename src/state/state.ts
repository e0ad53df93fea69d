import type {
  BatchEnding,
  BatchLine,
  CountedVote,
  KeyRecord,
  LearnedState,
  LearningEvent,
  LineResult,
  Listing,
  NewBatch,
  Page,
  RememberedAnswer,
  StoredBatch,
  StoredFile,
  StoredKey,
  StoredResponse,
  Vote,
} from './records.ts';

/*
 * Every promise here resolves after the write is synced to disk, or rejects with a GatewayError and the write did not
 * happen: 'unavailable' (disk full or failing, with retryAfterMs), 'conflict', 'not-found', 'too-large', 'invalid-request'.
 * Only if the process dies right after a sync failed may a refused write be found there again.
 */

/** JSON values by name. */
export interface KvRepository {
  get(namespace: string, key: string): Promise<unknown>;
  set(namespace: string, key: string, value: unknown): Promise<void>;
  /** Stores the value unless one is there, and answers what is there afterwards: for secrets made once. */
  setDefault(namespace: string, key: string, value: unknown): Promise<unknown>;
  delete(namespace: string, key: string): Promise<boolean>;
  entries(namespace: string): Promise<ReadonlyMap<string, unknown>>;
}

/** What is kept about models between starts. The values are the caller's own shapes, to be checked when read. */
export interface ProfileRepository {
  /** What people edited, by model name or ref. */
  edits(): Promise<ReadonlyMap<string, unknown>>;
  saveEdit(model: string, edit: unknown): Promise<void>;
  removeEdit(model: string): Promise<boolean>;
  /** The last discovered fleet with its measurements. */
  snapshot(): Promise<unknown>;
  saveSnapshot(snapshot: unknown): Promise<void>;
}

export interface EventRepository {
  /** Adds events once each: the same (request, task, model) again changes nothing. Remembers the answers for feedback. */
  append(events: readonly LearningEvent[]): Promise<void>;
  /** Makes answers ratable that are not learned from. The newest 100,000 are kept. */
  remember(answers: readonly RememberedAnswer[]): Promise<void>;
  /** The exact state after every acknowledged event and vote; its cost does not depend on how many there were. */
  fold(): Promise<LearnedState>;
  /** The newest raw events, newest first; at most 100,000 are kept. */
  recent(limit: number): Promise<readonly LearningEvent[]>;
  /** Forgets what was learned, of one task or all. Votes stay spent. */
  reset(task?: string): Promise<void>;
  /**
   * Puts an exported state in place of what is there, or adds what of it was not added before.
   *
   * @throws GatewayError 'conflict' when a store's own export is to be added to it.
   */
  import(state: LearnedState, mode: 'replace' | 'merge'): Promise<void>;
  frozen(): Promise<boolean>;
  setFrozen(frozen: boolean): Promise<void>;
}

export interface FeedbackRepository {
  /** @throws GatewayError 'conflict' on a second vote; 'not-found' for an unknown answer or one given to another key. */
  vote(vote: Vote): Promise<CountedVote>;
}

export interface KeyRepository {
  insert(stored: StoredKey): Promise<void>;
  /** All keys, newest first, revoked ones too. */
  list(): Promise<readonly KeyRecord[]>;
  /** Valid keys with their digests, for an authenticator's own table. */
  load(): Promise<readonly StoredKey[]>;
  /** All keys with their digests, revoked ones too. */
  all(): Promise<readonly StoredKey[]>;
  /** The valid key with this digest. */
  byDigest(digest: string): Promise<KeyRecord | undefined>;
  /** False when there is no valid key of that id. */
  revoke(id: string, at: number): Promise<boolean>;
  /** Adds spent tokens and answers the new total. `period` names the budget period, for example '2026-11'. */
  addTokens(id: string, period: string, tokens: number): Promise<number>;
  tokens(id: string, period: string): Promise<number>;
}

export interface NewFile {
  readonly owner: string;
  readonly filename: string;
  readonly purpose: string;
  readonly expiresAt?: number;
}

export interface FileRepository {
  /**
   * Streams the bytes in; a function is asked for the record once they are all there.
   * @throws GatewayError 'too-large' above the file limit or the owner's or the whole quota.
   */
  create(file: NewFile | (() => NewFile), bytes: AsyncIterable<Uint8Array>): Promise<StoredFile>;
  /** Takes in a file of another gateway under its own id. @throws GatewayError as `create`; 'conflict' when it is there. */
  adopt(file: StoredFile, bytes: AsyncIterable<Uint8Array>): Promise<StoredFile>;
  get(id: string): Promise<StoredFile | undefined>;
  list(page: Page & { readonly purpose?: string }): Promise<Listing<StoredFile>>;
  /** @throws GatewayError 'not-found' when the file or its bytes are gone. `length` in bytes. */
  content(id: string, range?: { readonly offset: number; readonly length: number }): AsyncIterable<Uint8Array>;
  delete(id: string): Promise<boolean>;
  /** Deletes files past their expiry and answers how many. */
  deleteExpired(now: number): Promise<number>;
}

export interface BatchRepository {
  /** A new batch, 'validating'. */
  create(batch: NewBatch): Promise<StoredBatch>;
  /** A batch that another gateway was given, under its own id, 'validating'; the one that is there when it is known. */
  adopt(batch: NewBatch & { readonly id: string }): Promise<StoredBatch>;
  get(id: string): Promise<StoredBatch | undefined>;
  list(page: Page): Promise<Listing<StoredBatch>>;
  /** Batches that are not finished, oldest first: what a start must take up again. */
  unfinished(): Promise<readonly StoredBatch[]>;
  /** While validating; the same line again replaces it. @throws GatewayError 'conflict' on a custom id used twice. */
  addLines(id: string, lines: readonly BatchLine[]): Promise<void>;
  /** validating → in_progress. */
  start(id: string, at: number, model?: string): Promise<StoredBatch>;
  /** validating → failed. */
  fail(id: string, at: number, errors: readonly unknown[]): Promise<StoredBatch>;
  /** validating or in_progress → cancelling. @throws GatewayError 'conflict' when it is too late. */
  cancel(id: string, at: number): Promise<StoredBatch>;
  /** Takes up to `count` lines that nobody works on, in order; theirs until `leaseUntil` (epoch ms) or a restart. */
  claim(id: string, count: number, leaseUntil: number, now: number): Promise<readonly BatchLine[]>;
  /** Keeps claimed lines longer. */
  renew(id: string, lines: readonly number[], leaseUntil: number): Promise<void>;
  /** Gives claimed lines back. */
  release(id: string, lines: readonly number[]): Promise<void>;
  /** Records results; a line that has one keeps it. Answers how many were new. */
  complete(id: string, results: readonly LineResult[]): Promise<number>;
  /** How many lines have no result yet. */
  open(id: string): Promise<number>;
  /** Up to `count` results of lines after `after`, in order. */
  results(id: string, after: number, count: number): Promise<readonly LineResult[]>;
  /**
   * Writes the output and the error file and ends the batch as `ending`. Lines without a result get an error line.
   * After a crash in between call it again: the ending of the first call stays.
   * @throws GatewayError 'conflict' for 'completed' while a line has no result.
   */
  finalize(id: string, ending: BatchEnding, at: number): Promise<StoredBatch>;
}

export interface ResponseRepository {
  put(response: StoredResponse): Promise<void>;
  get(id: string, owner: string): Promise<StoredResponse | undefined>;
  delete(id: string, owner: string): Promise<boolean>;
}

/** Everything the gateway must not forget. */
export interface State {
  readonly kv: KvRepository;
  readonly profiles: ProfileRepository;
  readonly events: EventRepository;
  readonly feedback: FeedbackRepository;
  readonly keys: KeyRepository;
  readonly files: FileRepository;
  readonly batches: BatchRepository;
  readonly responses: ResponseRepository;
  /** Empties the write-ahead log into the store and renews the backup; deleted records leave the disk with it. */
  checkpoint(): Promise<void>;
  /** Waits for writes on their way, then closes. Later calls reject with 'unavailable'. */
  close(): Promise<void>;
}

/** The part of a pino logger the store needs. */
export interface StateLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** Bounds; see `DEFAULT_LIMITS`. */
export interface StateLimits {
  /** Raw events kept. */
  readonly events: number;
  /** Answers that can still be rated. */
  readonly answers: number;
  /** Ratings kept per task. */
  readonly ratingsPerTask: number;
  /** Of these, at most so many by one key that is not an admin's. */
  readonly ratingsPerKey: number;
  /** Finished batches kept, without their files. */
  readonly batches: number;
  readonly responses: number;
  readonly responseAgeMs: number;
  /** Bytes of one file. */
  readonly fileBytes: number;
  /** Bytes of all files of one owner, and of all. */
  readonly ownerBytes: number;
  readonly totalBytes: number;
}

/** 200 ratings: product spec 5.8; 200 MB batch files and 30 days: the OpenAI API; the others bound the disk to about 100 MB plus files. */
export const DEFAULT_LIMITS: StateLimits = {
  events: 100_000,
  answers: 100_000,
  ratingsPerTask: 200,
  ratingsPerKey: 10,
  batches: 10_000,
  responses: 10_000,
  responseAgeMs: 30 * 24 * 3_600_000,
  fileBytes: 512 * 1024 * 1024,
  ownerBytes: 10 * 1024 ** 3,
  totalBytes: 20 * 1024 ** 3,
};
