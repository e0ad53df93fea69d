import type { FastifyInstance, FastifyReply } from 'fastify';
import fp from 'fastify-plugin';
import { GatewayError } from '../src/core/errors.ts';
import type { Slots } from '../src/core/slots.ts';

/** How many requests of one key or address may be answered at once, so that one client cannot take every slot. */
export default fp(
  (app: FastifyInstance, _options, done) => {
    const { concurrency } = app.services.config().limits;
    const { cluster } = app.services;
    const running = new Map<string, { readonly slots: Slots; count: number }>();

    const slotsOf = (tenant: string): Slots => running.get(tenant)?.slots ?? cluster.slots(`requests of ${tenant}`, concurrency);

    const enter = (tenant: string, slots: Slots, { raw }: FastifyReply): void => {
      const entry = running.get(tenant) ?? { slots, count: 0 };
      entry.count += 1;
      running.set(tenant, entry);
      const leave = (): void => {
        slots.give();
        entry.count -= 1;
        if (entry.count === 0) running.delete(tenant);
      };
      // Whoever left while other workers were asked never closes again.
      if (raw.closed) leave();
      else raw.once('close', leave);
    };

    /** Takes a place, one that another worker has if need be; undefined when all are taken. */
    const find = async (tenant: string): Promise<Slots | undefined> => {
      for (;;) {
        const slots = slotsOf(tenant);
        if (slots.take()) return slots;
        if (!(await slots.more?.())) return undefined;
      }
    };

    app.addHook('onRequest', (request, reply, next) => {
      if (request.routeOptions.config?.dialect === undefined) return next();
      const { tenant } = request.caller;
      const slots = slotsOf(tenant);
      if (slots.take()) {
        enter(tenant, slots, reply);
        return next();
      }
      find(tenant).then((found) => {
        if (found === undefined) {
          return next(
            new GatewayError('rate-limited', `At most ${concurrency} requests at once are allowed here; wait for one to end.`, { retryAfterMs: 1_000 }),
          );
        }
        enter(tenant, found, reply);
        next();
      }, next);
    });
    done();
  },
  { name: 'concurrency', dependencies: ['auth'] },
);
