import type { ChatRequest } from './core/chat.ts';
import { GatewayError } from './core/errors.ts';
import { formatRef, type ModelRef } from './core/model.ts';
import type { Strategy } from './core/plan.ts';
import type { Caller, Gateway } from './gateway.ts';
import type { Fleet } from './profiles/fleet.ts';

/** Brings a model into memory, or with `keepAliveS` 0 out of it. */
export type Load = (model: string, keepAliveS: number | undefined, caller: Caller, contextWindow?: number) => Promise<void>;

/**
 * A real model is loaded at one of its replicas and unloaded at every one. A virtual name stands for the models that would answer
 * by it now: those are loaded, and unloaded is all that is in memory and could answer by it.
 */
export function createLoad({ fleet, gateway, closing }: { readonly fleet: Fleet; readonly gateway: Gateway; readonly closing: AbortSignal }): Load {
  const reachable = ({ provider }: ModelRef): boolean => fleet.providers().some(({ name, reachable: up }) => name === provider && up);

  const ofReal = (name: string, refs: readonly ModelRef[], unload: boolean, caller: Caller): readonly ModelRef[] => {
    const allowed = refs.filter(caller.allowed);
    if (allowed.length === 0) throw new GatewayError('forbidden', `This key may not use the model '${name}'.`, { code: 'model_not_allowed', param: 'model' });
    const awake = allowed.filter(reachable);
    const able = awake.length > 0 ? awake : allowed;
    return unload ? able : able.slice(0, 1);
  };

  const ofVirtual = (name: string, unload: boolean, caller: Caller): readonly ModelRef[] => {
    const { strategy, candidates } = gateway.choose(nothingAsked(name), caller);
    if (!unload) return distinct(leadsOf(strategy, candidates[0]?.ref));
    return candidates.map(({ ref }) => ref).filter((ref) => fleet.profile(ref)?.loaded !== undefined);
  };

  return async (name, keepAliveS, caller, contextWindow) => {
    const unload = keepAliveS === 0;
    const resolution = gateway.resolve(name);
    const chosen = resolution.kind === 'model' ? ofReal(name, resolution.refs, unload, caller) : ofVirtual(name, unload, caller);
    await Promise.all(
      chosen.map((ref) =>
        fleet.provider(ref.provider)?.load?.({
          model: ref.model,
          signal: closing,
          ...(keepAliveS !== undefined && { keepAliveS }),
          ...(contextWindow !== undefined && { contextWindow }),
        }),
      ),
    );
    await Promise.all([...new Set(chosen.map(({ provider }) => provider))].map((provider) => fleet.refreshLoaded(provider).catch(() => [])));
  };
}

const nothingAsked = (model: string): ChatRequest => ({
  ...{ model, messages: [], sampling: {}, tools: [], toolChoice: 'auto', responseFormat: { type: 'text' }, choices: 1, extra: {} },
  dialect: 'ollama',
});

/** The models that begin an answer. Members that do not fit in memory together are loaded when their turn comes. */
function leadsOf(strategy: Strategy, best: ModelRef | undefined): readonly ModelRef[] {
  switch (strategy.kind) {
    case 'single':
      return [strategy.target];
    case 'ensemble':
      return strategy.sequential ? strategy.members.slice(0, 1) : [...strategy.members, strategy.judge];
    case 'chain':
      return [strategy.planner];
    case 'correct':
      return [strategy.author];
    case 'workflow':
      return best === undefined ? [] : [best];
  }
}

const distinct = (refs: readonly ModelRef[]): ModelRef[] => [...new Map(refs.map((ref) => [formatRef(ref), ref])).values()];
