import type { TaskKind } from '../core/model.ts';

/** One answer of one model, as learning sees it. */
export interface LearningEvent {
  readonly requestId: string;
  readonly task: TaskKind;
  /** 'provider/model'. */
  readonly model: string;
  /** 0-100. */
  readonly quality: number;
  readonly seconds: number;
  /** What the learner averages; the quality when absent. */
  readonly score?: number;
  /** Who asked; absent when keys are off. */
  readonly keyId?: string;
  /** Epoch ms. */
  readonly at: number;
}

/** What is kept of an answer so that a later rating can be attributed to its task and model. */
export interface RememberedAnswer {
  readonly requestId: string;
  readonly task: TaskKind;
  readonly model: string;
  readonly keyId?: string;
  readonly at: number;
}

/** Sums over every event of one (task, model) since the last reset, also those whose raw record is gone. */
export interface Learned {
  readonly task: TaskKind;
  readonly model: string;
  readonly answers: number;
  readonly qualitySum: number;
  /** Sum of squares, for the spread. */
  readonly qualitySquares: number;
  readonly secondsSum: number;
  readonly scoreSum: number;
  readonly ratings: number;
  readonly ratingSum: number;
  /** Epoch ms of the newest event or rating. */
  readonly at: number;
}

export interface Rating {
  readonly task: TaskKind;
  readonly model: string;
  /** 1-5. */
  readonly rating: number;
  /** The key that voted, when its votes are capped. */
  readonly keyId?: string;
  readonly at: number;
}

/** Everything learned: what a start loads, what export writes and import reads. */
export interface LearnedState {
  /** Which gateway's learning since which reset; absent where nothing was learned or in exports of older versions. */
  readonly origin?: string;
  readonly learned: readonly Learned[];
  /** At most the last 200 of each task, oldest first. */
  readonly ratings: readonly Rating[];
}

export interface Vote {
  readonly requestId: string;
  /** 1-5. */
  readonly rating: number;
  readonly comment?: string;
  /** Who votes; absent when keys are off. */
  readonly keyId?: string;
  /** True: may also rate answers given to other keys. */
  readonly admin?: boolean;
  readonly at: number;
}

/** An accepted vote: what it was about, and how many ratings its task has now. */
export interface CountedVote {
  readonly task: TaskKind;
  readonly model: string;
  readonly rating: number;
  readonly taskRatings: number;
}

/** An access key as it may be shown: no digest, no secret. */
export interface KeyRecord {
  readonly id: string;
  /** The readable start of the key. */
  readonly prefix: string;
  readonly name: string;
  readonly role: 'user' | 'admin';
  /** Model names or refs; empty allows all. */
  readonly allowedModels: readonly string[];
  readonly rate?: { readonly requests: number; readonly windowMs: number };
  /** Tokens per budget period; the period is the caller's. */
  readonly tokenBudget?: number;
  /** Request fields used where the client sent none. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
  /** Epoch ms; absent while the key is valid. */
  readonly revokedAt?: number;
}

/** `digest`: hex HMAC-SHA-256 of the whole key with the server's pepper. */
export interface StoredKey {
  readonly key: KeyRecord;
  readonly digest: string;
}

export interface StoredFile {
  /** 'file-…', made by the store. */
  readonly id: string;
  /** Id of the key it belongs to; '' when keys are off. */
  readonly owner: string;
  readonly filename: string;
  readonly purpose: string;
  readonly bytes: number;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly expiresAt?: number;
}

/** `after`: id of the last item of the page before. */
export interface Page {
  readonly owner?: string;
  readonly after?: string;
  readonly limit: number;
  readonly order?: 'asc' | 'desc';
}

export interface Listing<T> {
  readonly items: readonly T[];
  readonly hasMore: boolean;
}

export type BatchStatus = 'validating' | 'failed' | 'in_progress' | 'finalizing' | 'completed' | 'expired' | 'cancelling' | 'cancelled';

/** How a batch can end once its lines ran. */
export type BatchEnding = 'completed' | 'expired' | 'cancelled';

/** A batch; every time is epoch ms, absent until it happened. */
export interface StoredBatch {
  /** 'batch_…', made by the store. */
  readonly id: string;
  readonly owner: string;
  readonly endpoint: string;
  readonly inputFileId: string;
  readonly completionWindow: string;
  readonly status: BatchStatus;
  /** Set once the lines are sealed: the status it will have when its files are written. */
  readonly ending?: BatchEnding;
  readonly outputFileId?: string;
  readonly errorFileId?: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly inProgressAt?: number;
  readonly finalizingAt?: number;
  readonly completedAt?: number;
  readonly failedAt?: number;
  readonly expiredAt?: number;
  readonly cancellingAt?: number;
  readonly cancelledAt?: number;
  readonly counts: { readonly total: number; readonly completed: number; readonly failed: number };
  readonly model?: string;
  readonly usage?: unknown;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly errors?: readonly unknown[];
  /** Seconds the output files are kept; for ever when absent. */
  readonly outputExpiresAfterS?: number;
  /** The gateway that was given the batch; absent when it is this one. */
  readonly home?: string;
}

export type NewBatch = Pick<
  StoredBatch,
  'owner' | 'endpoint' | 'inputFileId' | 'completionWindow' | 'createdAt' | 'expiresAt' | 'metadata' | 'outputExpiresAfterS' | 'home'
>;

/** Where a request of a batch stands in its input file. */
export interface BatchLine {
  /** From 0, in the order of the input. */
  readonly line: number;
  readonly customId: string;
  /** Bytes from the start of the input file. */
  readonly offset: number;
  readonly length: number;
}

/** How a line ended: a line for the output file, or one for the error file. */
export interface LineResult {
  readonly line: number;
  readonly outcome: 'completed' | 'failed';
  /** The JSON text of the line as it will be written, without the newline. */
  readonly json: string;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
}

export interface StoredResponse {
  readonly id: string;
  readonly owner: string;
  /** The OpenAI response object. */
  readonly body: unknown;
  readonly inputItems: readonly unknown[];
  /** Epoch ms. */
  readonly createdAt: number;
}
