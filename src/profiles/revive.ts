import type { Fleet } from './fleet.ts';

/** What knows which providers were silent lately. */
export interface Lost {
  silent(): readonly string[];
  alive(provider: string): void;
  gone(provider: string): void;
}

/**
 * Asks providers that were silent for a sign of life, and lets those that give one be called again. Never runs inference. The
 * function that comes back looks once; a provider that has not answered the last look is not asked another time meanwhile.
 */
export function createReviver(fleet: Fleet, lost: Lost, timeoutMs: number): () => Promise<void> {
  const asking = new Set<string>();

  const ask = async (name: string): Promise<void> => {
    asking.add(name);
    try {
      await fleet.provider(name)?.health(AbortSignal.timeout(timeoutMs));
      lost.alive(name);
      if (fleet.providers().some((provider) => provider.name === name && !provider.reachable)) await fleet.refresh(name);
    } catch {
      lost.gone(name);
    } finally {
      asking.delete(name);
    }
  };

  return async () => {
    const away = fleet.providers().flatMap(({ name, reachable }) => (reachable ? [] : [name]));
    await Promise.all([...new Set([...lost.silent(), ...away])].filter((name) => !asking.has(name)).map(ask));
  };
}
