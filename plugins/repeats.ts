import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Services } from '../src/compose.ts';
import type { ChatEvent, ChatResult } from '../src/core/chat.ts';
import type { Answer } from '../src/core/execute.ts';
import type { RoutePlan } from '../src/core/plan.ts';
import type { Decoded, Dialect } from '../src/dialects/dialect.ts';
import { wantedTokens } from '../src/policy/needs.ts';
import { cacheControl, encodeContext, sendJson } from './answer-encode.ts';
import { createReport } from './report.ts';

/** Longest body that is looked up, bytes: longer ones are dear to compare and seldom come twice. */
const MAX_BODY = 64 << 10;
/** Bodies remembered. */
const MAX_BODIES = 2_000;
/** What they may take in all, about; bytes. */
const MAX_BYTES = 32 << 20;

/** What was decided on a request whose answer came from the cache, and the answer as its client's API tells it. */
export interface Told {
  readonly dialect: Dialect;
  readonly decoded: Decoded;
  readonly plan: RoutePlan;
  readonly answer: Answer;
  readonly events: readonly ChatEvent[];
  readonly results: readonly ChatResult[];
  readonly headers: Readonly<Record<string, string>>;
}

interface Repeat extends Told {
  /** What was decided holds as long as these are the same objects. */
  readonly basis: readonly unknown[];
}

/**
 * Requests that come byte for byte as one before, from the same caller, and whose answer the cache still holds: they are neither
 * read nor decided on again. Rights, limits, budgets, Cache-Control and the time an answer is kept hold as for every other request.
 */
export function createRepeats(services: Services) {
  const known = new LRUCache<string, Repeat>({ max: MAX_BODIES, maxSize: MAX_BYTES });
  const basisOf = ({ caller }: FastifyRequest): readonly unknown[] => [services.fleet.profiles(), services.live.rules(), services.config(), caller.key];
  const keyOf = ({ caller, body }: FastifyRequest, dialect: Dialect): string => `${dialect.name}\n${caller.tenant}\n${(body as Buffer).toString('latin1')}`;
  const fits = ({ body, headers }: FastifyRequest): boolean =>
    Buffer.isBuffer(body) && body.length <= MAX_BODY && headers['idempotency-key'] === undefined && cacheControl(headers).read;

  const find = (request: FastifyRequest, dialect: Dialect): Repeat | undefined => {
    if (known.size === 0 || !fits(request)) return undefined;
    const found = known.get(keyOf(request, dialect));
    if (found?.dialect !== dialect) return undefined;
    const basis = basisOf(request);
    return found.basis.every((part, index) => part === basis[index]) ? found : undefined;
  };

  return {
    remember(request: FastifyRequest, told: Told): void {
      if (told.answer.again === undefined || told.decoded.stream || !fits(request)) return;
      const size = told.events.reduce((sum, event) => sum + ('delta' in event ? event.delta.length * 4 : 256), (request.body as Buffer).length * 4 + 2_048);
      known.set(keyOf(request, told.dialect), { ...told, basis: basisOf(request) }, { size });
    },

    /** Answers a request that came before; undefined when it did not, or when the cache has let go of its answer. */
    answer(request: FastifyRequest, reply: FastifyReply, dialect: Dialect): FastifyReply | Promise<FastifyReply> | undefined {
      const startedAt = services.now();
      const repeat = find(request, dialect);
      if (repeat === undefined || repeat.answer.again?.() !== true) return undefined;
      const { decoded, plan, answer } = repeat;
      const { key } = request.caller;
      const report = createReport(services, request.id, dialect.name, key?.id);
      request.counted = true;
      services.observe({ type: 'planned', requestId: request.id, plan, decisionMs: services.now() - startedAt });
      report.planned(plan);
      const send = (): FastifyReply => {
        services.observe({ type: 'cache', requestId: request.id, outcome: 'hit' });
        report.begun(answer);
        for (const event of repeat.events) report.event(event);
        const body = JSON.stringify(dialect.encode(repeat.results, encodeContext(request.id, decoded, services.now)));
        report.finished();
        sendJson(reply, repeat.headers, body);
        return reply;
      };
      if (key === undefined) return send();
      return services.budgets.reserve(key, ...wantedTokens(decoded.request)).then(
        (reservation) => {
          report.reserved(reservation);
          return send();
        },
        (error) => {
          report.failed(error);
          throw error;
        },
      );
    },
  };
}
