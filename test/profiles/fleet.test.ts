import { expect, it } from 'vitest';
import type { DiscoveredModel } from '../../src/core/model.ts';
import type { Provider } from '../../src/core/provider.ts';
import { createFleet, type FleetChange } from '../../src/profiles/fleet.ts';

const model = (name: string): DiscoveredModel => ({ name, digest: name });

function fleetOf(models: () => readonly DiscoveredModel[], preparing: () => boolean) {
  const changes: FleetChange[] = [];
  const provider = { name: 'built-in', models: async () => models(), loaded: async () => [], health: async () => ({}) } as unknown as Provider;
  const fleet = createFleet({
    members: [{ provider, weight: 1, tags: [], remote: false, inFlight: () => 0 }],
    preferences: () => ({ optimalFor: [], benchmarks: {}, priority: 5, enabled: true, weakAt: [] }),
    stats: () => ({ quality: {} }) as never,
    coolingUntil: () => 0,
    provenAt: () => 0,
    now: () => 0,
    timeoutMs: 1_000,
    preparing,
    onChange: (change) => changes.push(change),
  });
  return { fleet, changes };
}

it('models that are still being fetched at a start have neither gone nor come', async () => {
  let there: DiscoveredModel[] = [];
  let preparing = true;
  const { fleet, changes } = fleetOf(
    () => there,
    () => preparing,
  );
  fleet.restore({ 'built-in': [model('a'), model('b')] });
  await fleet.refresh();
  there = [model('a')];
  await fleet.refresh();
  expect(fleet.snapshot()).toEqual({ 'built-in': [model('a'), model('b')] });
  there = [model('a'), model('b')];
  preparing = false;
  await fleet.refresh();
  expect(changes).toEqual([]);
});

it('a model that is not there once all are prepared has gone', async () => {
  const { fleet, changes } = fleetOf(
    () => [model('a')],
    () => false,
  );
  fleet.restore({ 'built-in': [model('a'), model('b')] });
  await fleet.refresh();
  expect(changes).toEqual([{ provider: 'built-in', added: [], changed: [], removed: ['b'] }]);
});
