import type { StoredFile } from '../state/records.ts';
import type { FileRepository, KvRepository } from '../state/state.ts';
import type { SharedStore } from './redis.ts';

/** Larger files stay with the gateway they were given to. */
const MAX_BYTES = 32 << 20;
const PIECE_BYTES = 256 << 10;
/** How long bytes lie in the store for gateways that do not have them yet; a batch may take a day. */
const KEEP_MS = 26 * 3_600_000;
/** While a request waits, and in the background. */
const SHORT_MS = 250;
const CLOCK_MS = 2_000;
/** Rounds between two looks at deletions nobody told of anew. */
const LOOK_EVERY = 120;
/** Ids that the state store makes; nothing else becomes a file name. */
const ID = /^file-[0-9a-f]{24}$/;
const DELETED = 'shared-deleted-files';

const INDEX = 'files';
const GONE = 'files:deleted';
const VERSION = 'files:version';

export interface SharedFiles extends FileRepository {
  /** Fetches what other gateways were given, and deletes what was deleted there. */
  exchange(): Promise<void>;
  /** Puts a file into the store again, for a batch that needs it. */
  tell(id: string): Promise<void>;
}

interface Told {
  readonly file: StoredFile;
  /** When the bytes leave the store, epoch ms. */
  readonly until: number;
}

/** Files that can be had from every gateway: each keeps a copy, the store only carries them from one to the others. */
export function shareFiles(options: {
  readonly local: FileRepository;
  readonly store: SharedStore;
  readonly kv: KvRepository;
  readonly now: () => number;
  readonly random: () => string;
}): SharedFiles {
  const { local, store, kv, now, random } = options;
  let version: string | null | undefined;
  let round = 0;
  const fetching = new Map<string, Promise<StoredFile | undefined>>();
  const changed = (clockMs: number): Promise<unknown> => store.run((client) => client.set(VERSION, random()), clockMs);

  const put = async (file: StoredFile, clockMs: number): Promise<boolean> => {
    if (file.bytes > MAX_BYTES || file.purpose === 'batch_output' || (file.expiresAt ?? Infinity) <= now()) return true;
    const key = `file:${file.id}`;
    let pieces = 0;
    for await (const piece of inPieces(local.content(file.id))) {
      const at = String(pieces++);
      if ((await store.run((client) => client.hset(key, at, piece), clockMs)) === undefined) return false;
    }
    const told: Told = { file, until: now() + KEEP_MS };
    const done = await store.run(
      (client) => client.multi().hset(key, 'pieces', pieces).pexpire(key, KEEP_MS).hset(INDEX, file.id, JSON.stringify(told)).set(VERSION, random()).exec(),
      clockMs,
    );
    return done !== undefined;
  };

  async function* contentOf(file: StoredFile): AsyncGenerator<Uint8Array> {
    const key = `file:${file.id}`;
    const pieces = Number(await store.run((client) => client.hget(key, 'pieces'), CLOCK_MS));
    let bytes = 0;
    for (let at = 0; at < pieces; at++) {
      const piece = await store.run((client) => client.hgetBuffer(key, String(at)), CLOCK_MS);
      if (piece === undefined || piece === null) throw new Error('A piece of a shared file is missing.');
      bytes += piece.length;
      yield piece;
    }
    if (bytes !== file.bytes) throw new Error('A shared file is not whole.');
  }

  const fetchFile = async (id: string): Promise<StoredFile | undefined> => {
    if (!ID.test(id)) return undefined;
    const text = await store.run((client) => client.hget(INDEX, id), SHORT_MS);
    const told = text === undefined || text === null ? undefined : (JSON.parse(text) as Told);
    if (told === undefined || told.file.id !== id || told.until <= now()) return undefined;
    return local.adopt(told.file, contentOf(told.file)).catch(() => local.get(id));
  };
  const adopt = (id: string): Promise<StoredFile | undefined> => {
    const running = fetching.get(id) ?? fetchFile(id).finally(() => fetching.delete(id));
    fetching.set(id, running);
    return running;
  };

  const exchange = async (): Promise<void> => {
    const seen = await store.run((client) => client.get(VERSION), CLOCK_MS);
    if (seen === undefined || (seen !== null && seen === version && ++round % LOOK_EVERY !== 0)) return;
    const index = await store.run((client) => client.hgetall(INDEX), CLOCK_MS);
    const deleted = await store.run((client) => client.hgetall(GONE), CLOCK_MS);
    if (index === undefined || deleted === undefined) return;

    const mine = await kv.entries(DELETED);
    for (const [id, until] of mine) {
      if (Number(until) <= now()) await kv.delete(DELETED, id);
      else if (deleted[id] === undefined) await store.run((client) => client.hset(GONE, id, String(until)), CLOCK_MS);
    }
    for (const [id, until] of Object.entries(deleted)) {
      if (Number(until) <= now()) await store.run((client) => client.hdel(GONE, id), CLOCK_MS);
      else if ((await local.delete(id)) && !mine.has(id)) await kv.set(DELETED, id, Number(until));
    }
    for (const [id, text] of Object.entries(index)) {
      if (deleted[id] !== undefined || mine.has(id) || (JSON.parse(text) as Told).until <= now()) await store.run((client) => client.hdel(INDEX, id), CLOCK_MS);
      else if ((await local.get(id)) === undefined) await adopt(id);
    }
    let all = true;
    for await (const file of recent(local, now() - KEEP_MS)) if (index[file.id] === undefined) all = (await put(file, CLOCK_MS)) && all;
    if (all) version = seen;
  };

  return {
    ...local,
    async create(file, bytes) {
      const stored = await local.create(file, bytes);
      await put(stored, SHORT_MS);
      return stored;
    },
    get: async (id) => (await local.get(id)) ?? adopt(id),
    async delete(id) {
      const done = await local.delete(id);
      if (!done) return false;
      const until = now() + KEEP_MS;
      await kv.set(DELETED, id, until);
      await store.run((client) => client.multi().hset(GONE, id, String(until)).hdel(INDEX, id).del(`file:${id}`).exec(), SHORT_MS);
      void changed(SHORT_MS);
      return true;
    },
    exchange,
    async tell(id) {
      const file = await local.get(id);
      if (file !== undefined) await put(file, CLOCK_MS);
    },
  };
}

async function* recent(files: FileRepository, since: number): AsyncGenerator<StoredFile> {
  let after: string | undefined;
  do {
    const page = await files.list({ limit: 100, order: 'desc', ...(after !== undefined && { after }) });
    for (const file of page.items) {
      if (file.createdAt < since) return;
      yield file;
    }
    after = page.hasMore ? page.items.at(-1)?.id : undefined;
  } while (after !== undefined);
}

/** The same bytes in pieces of one size. */
async function* inPieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const bytes of source) {
    rest = Buffer.concat([rest, bytes]);
    for (; rest.length >= PIECE_BYTES; rest = rest.subarray(PIECE_BYTES)) yield Buffer.from(rest.subarray(0, PIECE_BYTES));
  }
  if (rest.length > 0) yield rest;
}
