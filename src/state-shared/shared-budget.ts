import type { SharedBudget } from '../access/budget.ts';
import type { SharedStore } from './redis.ts';

/** Tokens set aside by a gateway that says nothing more for so long count no more, ms. */
const FORGET_MS = 600_000;
const KEEP_MS = 40 * 86_400_000;

/**
 * States what this gateway spent and has set aside, sums over all, and takes `wanted` back if that is more than the budget.
 * KEYS account; ARGV gateway, spent, set aside (with wanted), wanted, budget, now ms. Answers granted, what others have.
 */
const RESERVE = `local account, me, now = KEYS[1], ARGV[1], tonumber(ARGV[6])
local spent = math.max(tonumber(ARGV[2]), tonumber(redis.call('HGET', account, 's:' .. me) or '0'))
redis.call('HSET', account, 's:' .. me, spent)
local others = 0
local all = redis.call('HGETALL', account)
for at = 1, #all, 2 do
  local kind, name = string.sub(all[at], 1, 2), string.sub(all[at], 3)
  if name ~= me then
    if kind == 's:' then others = others + tonumber(all[at + 1]) end
    local aside, told = string.match(all[at + 1], '^(%d+):(%d+)$')
    if aside and now - tonumber(told) < ${FORGET_MS} then others = others + tonumber(aside) end
  end
end
local aside = tonumber(ARGV[3])
local granted = 1
if spent + aside + others > tonumber(ARGV[5]) then
  granted = 0
  aside = aside - tonumber(ARGV[4])
end
redis.call('HSET', account, 'r:' .. me, string.format('%d:%d', aside, now))
redis.call('PEXPIRE', account, ${KEEP_MS})
return {granted, others}`;

/** Token budgets that hold over several gateways: each states its own sums anew with every call, so that a lost store mends itself. */
export const createSharedBudget = (store: SharedStore, gateway: string, now: () => number): SharedBudget => ({
  async reserve({ keyId, period, spent, reserved, wanted, budget }) {
    const answer = (await store.run((client) =>
      client.eval(RESERVE, 1, `spent:${keyId}:${period}`, gateway, spent, reserved, wanted, Math.floor(budget), Math.floor(now())),
    )) as [number, number] | undefined;
    return answer === undefined ? undefined : { granted: answer[0] === 1, others: answer[1] };
  },
});
