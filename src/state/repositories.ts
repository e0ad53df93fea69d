import { GatewayError } from '../core/errors.ts';
import { createBatches } from './batches.ts';
import type { Blobs } from './blobs.ts';
import type { Call } from './engine/operations.ts';
import { createFiles } from './files.ts';
import type { State, StateLimits } from './state.ts';

/** Longest comment of a vote, in characters; the rest is cut. */
const COMMENT_LENGTH = 2_000;

const PROFILE_EDITS = 'profiles.edits';
const PROFILES = 'profiles';
const LEARNING = 'learning';

const toJson = (value: unknown): string => {
  const json = JSON.stringify(value) as string | undefined;
  if (json === undefined) throw new GatewayError('internal', 'Only JSON values can be stored.');
  return json;
};

/** What the repositories are made of. */
export interface RepositorySettings {
  readonly call: Call;
  readonly blobs: Blobs;
  readonly limits: StateLimits;
  readonly now: () => number;
  readonly createId: () => string;
}

/** The repositories over a database that can be called. */
export const createRepositories = (settings: RepositorySettings): Omit<State, 'checkpoint' | 'close'> => {
  const { call, blobs, limits, now, createId } = settings;
  const read = async (namespace: string, key: string): Promise<unknown> => {
    const json = await call('kv.get', namespace, key);
    return json === undefined ? undefined : (JSON.parse(json) as unknown);
  };
  const entries = async (namespace: string): Promise<ReadonlyMap<string, unknown>> =>
    new Map((await call('kv.entries', namespace)).map(([key, json]) => [key, JSON.parse(json) as unknown]));
  const write = async (namespace: string, key: string, value: unknown): Promise<void> => call('kv.set', namespace, key, toJson(value));

  return {
    kv: {
      get: read,
      set: write,
      setDefault: async (namespace, key, value) => JSON.parse(await call('kv.setDefault', namespace, key, toJson(value))) as unknown,
      delete: (namespace, key) => call('kv.delete', namespace, key),
      entries,
    },
    profiles: {
      edits: () => entries(PROFILE_EDITS),
      saveEdit: (model, edit) => write(PROFILE_EDITS, model, edit),
      removeEdit: (model) => call('kv.delete', PROFILE_EDITS, model),
      snapshot: () => read(PROFILES, 'snapshot'),
      saveSnapshot: (snapshot) => write(PROFILES, 'snapshot', snapshot),
    },
    events: {
      append: (events) => call('events.append', events),
      remember: (answers) => call('events.remember', answers),
      fold: () => call('events.fold'),
      recent: (limit) => call('events.recent', limit),
      reset: (task) => call('events.reset', task),
      import: (state, mode) => call('events.import', state, mode),
      frozen: async () => (await read(LEARNING, 'frozen')) === true,
      setFrozen: (frozen) => write(LEARNING, 'frozen', frozen),
    },
    feedback: {
      vote: async (vote) => {
        if (!Number.isInteger(vote.rating) || vote.rating < 1 || vote.rating > 5) {
          throw new GatewayError('invalid-request', 'A rating is a whole number from 1 to 5.', { param: 'rating' });
        }
        return call('feedback.vote', vote.comment === undefined ? vote : { ...vote, comment: vote.comment.slice(0, COMMENT_LENGTH) });
      },
    },
    keys: {
      insert: (stored) => call('keys.insert', stored),
      list: () => call('keys.list'),
      load: () => call('keys.load'),
      all: () => call('keys.all'),
      byDigest: (digest) => call('keys.byDigest', digest),
      revoke: (id, at) => call('keys.revoke', id, at),
      addTokens: (id, period, tokens) => call('keys.addTokens', id, period, tokens),
      tokens: (id, period) => call('keys.tokens', id, period),
    },
    files: createFiles(call, blobs, limits, now, createId),
    batches: createBatches({ call, blobs, createId }),
    responses: {
      put: async ({ id, owner, body, inputItems, createdAt }) =>
        call('responses.put', { id, owner, body: toJson(body), inputItems: toJson(inputItems), createdAt }),
      get: async (id, owner) => {
        const row = await call('responses.get', id, owner);
        if (row === undefined) return undefined;
        return { ...row, body: JSON.parse(row.body) as unknown, inputItems: JSON.parse(row.inputItems) as unknown[] };
      },
      delete: (id, owner) => call('responses.delete', id, owner),
    },
  };
};
