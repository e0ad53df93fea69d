import { z } from 'zod';
import { GatewayError } from '../../core/errors.ts';
import type { Decoded, Memory } from '../dialect.ts';
import { field, parseBody } from '../fields.ts';
import { decodeResponse } from './responses-decode.ts';

/** A kept response: the answer, and what the client said in that turn. */
export interface KeptResponse {
  readonly id: string;
  readonly owner: string;
  readonly body: unknown;
  readonly inputItems: readonly unknown[];
  /** Epoch ms. */
  readonly createdAt: number;
}

/** Where responses are kept; an owner sees only its own. */
export interface ResponseStore {
  put(response: KeptResponse): Promise<void>;
  get(id: string, owner: string): Promise<KeptResponse | undefined>;
  delete(id: string, owner: string): Promise<boolean>;
}

/** Turns a conversation may reach back. */
const MAX_TURNS = 500;
/** Characters of JSON of one turn that are kept; a turn with more (many images) is answered with `store: false`. */
const MAX_KEPT = 4 << 20;
/** Characters of JSON of all earlier turns that one request may bring back. */
const MAX_RECALLED = 32 << 20;

const referring = z.looseObject({ previous_response_id: z.string().nullish() });
const answerSchema = z.looseObject({
  id: z.string(),
  created_at: z.number(),
  output: z.array(z.unknown()).default([]),
  previous_response_id: z.string().nullish(),
});

export const responseNotFound = (id: string): GatewayError => new GatewayError('not-found', `Response with id '${id.slice(0, 100)}' not found.`);

/** What /v1/responses remembers: each turn once, with the id of the turn before it. */
export function createResponseMemory(store: ResponseStore): Memory {
  /** The turns before, oldest first. A turn that was deleted, has expired or belongs to another ends the search with an error. */
  const recall = async (previous: string, owner: string): Promise<unknown[][]> => {
    const turns: unknown[][] = [];
    let size = 0;
    for (let id: string | null | undefined = previous; id; ) {
      const kept: KeptResponse | undefined = await store.get(id, owner);
      if (kept === undefined) {
        throw new GatewayError('invalid-request', `Previous response with id '${id.slice(0, 100)}' not found.`, {
          param: 'previous_response_id',
          code: 'previous_response_not_found',
        });
      }
      const answer = answerSchema.parse(kept.body);
      const turn = [...kept.inputItems, ...answer.output];
      size += JSON.stringify(turn).length;
      turns.push(turn);
      if (size > MAX_RECALLED || turns.length > MAX_TURNS) {
        throw field('previous_response_id', `'previous_response_id': the conversation has more than ${MAX_TURNS} turns or ${MAX_RECALLED >> 20} MiB.`);
      }
      id = answer.previous_response_id;
    }
    return turns.reverse();
  };

  return {
    async decode(body, owner) {
      const previous = parseBody(referring, body).previous_response_id;
      const decoded = decodeResponse(body, previous ? await recall(previous, owner) : []);
      return isKeepable(decoded) ? decoded : { ...decoded, echo: { ...decoded.echo, store: false } };
    },
    async keep(answer, decoded, owner) {
      if (!isKeepable(decoded)) return;
      const { id, created_at: createdAt } = answerSchema.parse(answer);
      const inputItems = (decoded.items ?? []).map((item, index) => ({
        type: 'message',
        ...item,
        id: (item as { id?: string }).id ?? `${id.replace('resp_', 'msg_')}i${index}`,
      }));
      await store.put({ id, owner, body: answer, inputItems, createdAt: createdAt * 1000 });
    },
  };
}

const isKeepable = ({ echo, items }: Decoded): boolean => echo?.['store'] !== false && JSON.stringify(items ?? []).length <= MAX_KEPT;

const pageSchema = z.looseObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  order: z.enum(['asc', 'desc']).default('desc'),
  after: z.string().optional(),
});

/** The page of GET /v1/responses/{id}/input_items that a query asks for. */
export function toItemPage(items: readonly unknown[], query: unknown): object {
  const { limit, order, after } = parseBody(pageSchema, query);
  const list = (items as readonly { id: string }[]).slice();
  if (order === 'desc') list.reverse();
  const from = after === undefined ? 0 : list.findIndex(({ id }) => id === after) + 1;
  const data = list.slice(from, from + limit);
  return { object: 'list', data, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null, has_more: from + limit < list.length };
}
