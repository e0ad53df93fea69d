import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, openaiAnswer, openaiHandler, type Upstream } from '../support/upstream.ts';
import { note, thorough } from './support.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0)) await item.close();
});

/** An upstream that takes a moment. */
async function upstream(says: string): Promise<Upstream> {
  const made = await createUpstream(
    openaiHandler(['m'], async (seen, response) => {
      await delay(50);
      await openaiAnswer([says])(seen, response);
    }),
  );
  open.push(made);
  return made;
}

const provider = (name: string, { url }: Upstream): object => ({ name, type: 'openai', url: `${url}/v1` });

async function start(providers: readonly object[]): Promise<TestGateway> {
  const gateway = await startGateway({ gateway: { providers }, performance: { caching: { enabled: false } } });
  open.unshift(gateway);
  return gateway;
}

const reload = async (gateway: TestGateway, providers: readonly object[], routing?: object): Promise<void> => {
  await writeFile(join(gateway.folder, 'gateway.yaml'), stringify({ providers }));
  if (routing !== undefined) await writeFile(join(gateway.folder, 'routing.yaml'), stringify(routing));
  await gateway.services.live.reload();
};

const ask = (gateway: TestGateway, content: string): Promise<Response> =>
  gateway.post('/v1/chat/completions', { model: 'm', messages: [{ role: 'user', content }] });

describe('providers that are added and removed while requests come', () => {
  it('cost none of them; what is removed finishes what it has and its sockets close', { timeout: 60_000 }, async () => {
    const [a, b, c] = [await upstream('a'), await upstream('b'), await upstream('c')];
    const gateway = await start([provider('a', a), provider('b', b)]);
    const statuses: number[] = [];
    let asking = true;
    const load = Promise.all(
      Array.from({ length: 8 }, async (_, worker) => {
        for (let turn = 0; asking; turn++) {
          const response = await ask(gateway, `${worker} ${turn}`);
          statuses.push(response.status);
          await response.text();
        }
      }),
    );
    for (let turn = 0; turn < (thorough ? 10 : 2); turn++) {
      await delay(100);
      await reload(gateway, [provider('b', b), provider('c', c)]);
      await delay(100);
      await reload(gateway, [provider('a', a)]);
      await delay(100);
      // The same name, another address.
      await reload(gateway, [provider('a', c)]);
    }
    asking = false;
    await load;
    note('B40', { requests: statuses.length });
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    expect([a, b, c].every((each) => each.calls().length > 0)).toBe(true);
    await expect.poll(() => a.open() + b.open(), { timeout: 10_000 }).toBe(0);
    expect((await ask(gateway, 'last')).headers.get('x-orchestrator-provider')).toBe('a');
    expect(gateway.services.fleet.providers().map(({ name }) => name)).toEqual(['a']);
  });

  it('are not taken up when anything else in the configuration is wrong', async () => {
    const [a, b] = [await upstream('a'), await upstream('b')];
    const gateway = await start([provider('a', a)]);
    await expect(reload(gateway, [provider('b', b)], { task_model_mapping: { code: 'nowhere' } })).rejects.toThrow('nowhere');
    expect((await ask(gateway, 'x')).headers.get('x-orchestrator-provider')).toBe('a');
    await reload(gateway, [provider('b', b)], { task_model_mapping: { code: 'b/m' } });
    expect((await ask(gateway, 'x')).headers.get('x-orchestrator-provider')).toBe('b');
  });
});
