import type { Fleet } from './fleet.ts';

/** What knows which providers could not be reached lately. */
export interface Lost {
  dead(): readonly string[];
  revive(provider: string): void;
}

/** Asks providers that could not be reached for a sign of life, and lets those that give one be called again. Never runs inference. */
export async function reviveLost(fleet: Fleet, lost: Lost, timeoutMs: number): Promise<void> {
  const away = fleet
    .providers()
    .filter(({ reachable }) => !reachable)
    .map(({ name }) => name);
  await Promise.all(
    [...new Set([...lost.dead(), ...away])].map(async (name) => {
      try {
        await fleet.provider(name)?.health(AbortSignal.timeout(timeoutMs));
        lost.revive(name);
        if (away.includes(name)) await fleet.refresh(name);
      } catch {
        // still away
      }
    }),
  );
}
