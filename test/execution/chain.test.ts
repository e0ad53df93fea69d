import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../src/core/errors.ts';
import { runChain } from '../../src/execution/chain.ts';
import { partsIn } from '../../src/execution/chain-plan.ts';
import { fakeContext, promptText, read, ref, type Script, userRequest } from './fakes.ts';

const strategy = { kind: 'chain' as const, planner: ref('p/plan'), synthesizer: ref('s/join') };
const PARTS = '{"questions": ["What is rain?", "Why does it fall?", "How is it measured?"]}';
const down = () => new GatewayError('upstream-failed', 'down');

async function run(scripts: Record<string, Script | Script[]>, more = {}, limits = {}) {
  const fake = fakeContext(scripts, limits, more);
  const running = runChain(strategy, userRequest('Explain rain.'), fake.context);
  const answer = await read(running.events);
  return { ...fake, ...answer, trace: running.trace() };
}

describe('a chain', () => {
  test('splits, answers each part with the model routed for it, and joins', async () => {
    const { text, trace, of, finish, reasoning } = await run(
      { 'p/plan': PARTS, 'a/x': 'It is water.', 'b/y': 'Part answer.', 's/join': 'Rain is water that falls.' },
      { route: (request: Parameters<typeof promptText>[0]) => ref(promptText(request).startsWith('What is rain') ? 'a/x' : 'b/y') },
    );
    expect(text).toBe('Rain is water that falls.');
    expect(trace?.parts.map(({ model, outcome }) => [model, outcome])).toEqual([
      ['x', 'ok'],
      ['y', 'ok'],
      ['y', 'ok'],
    ]);
    expect(of('p/plan')[0]?.request.responseFormat).toMatchObject({ type: 'json', name: 'plan' });
    expect(promptText(of('s/join')[0]?.request as never)).toContain('It is water.');
    expect(finish?.usage).toEqual({ inputTokens: 50, outputTokens: 25 });
    expect(trace).toMatchObject({ degraded: false, calls: 5 });
    expect(reasoning).toContain('2. Why does it fall?');
  });

  test('asks the planner again without the schema when it refuses it', async () => {
    const { of, trace } = await run({
      'p/plan': [new GatewayError('invalid-request', 'no schema here'), '1. What is rain?\n2. Why?\n3. When?'],
      'p/routed': 'Part.',
      's/join': 'Joined.',
    });
    expect(of('p/plan').map(({ request }) => request.responseFormat.type)).toEqual(['json', 'text']);
    expect(trace?.parts).toHaveLength(3);
  });

  test('answers the whole question when it cannot be split', async () => {
    for (const planner of ['No idea.', down(), '']) {
      const { text, trace, of } = await run({ 'p/plan': planner, 's/join': 'Rain falls.' });
      expect(text).toBe('Rain falls.');
      expect(promptText(of('s/join')[0]?.request as never)).toBe('Explain rain.');
      expect(trace?.reasons).toContain('the question could not be split');
    }
  });

  test('names a part without answer and goes on', async () => {
    const { trace, text } = await run({ 'p/plan': PARTS, 'p/routed': ['Water.', new GatewayError('model-not-found', 'gone'), 'In mm.'], 's/join': 'Joined.' });
    expect(text).toBe('Joined.');
    expect(trace?.reasons).toEqual(['part 2 has no answer (model-not-found)']);
  });

  test('gives the parts as they are when the last step fails', async () => {
    const { text, trace } = await run({ 'p/plan': PARTS, 'p/routed': 'Water.', 's/join': down() });
    expect(text).toContain('## What is rain?\n\nWater.');
    expect(trace?.degraded).toBe(true);
  });

  test('keeps to the ceiling of calls', async () => {
    const { made } = await run(
      { 'p/plan': '["What is one?", "What is two?", "What is three?", "What is four?", "What is five?"]', 'p/routed': 'Part.', 's/join': 'Joined.' },
      {},
      { maxCalls: 5 },
    );
    expect(made).toHaveLength(5);
    await expect(run({}, {}, { maxCalls: 4 })).rejects.toMatchObject({ kind: 'invalid-request' });
  });

  test('cancels the parts with the request', async () => {
    const fake = fakeContext({ 'p/plan': PARTS, 'p/routed': 'hang' });
    const reading = read(runChain(strategy, userRequest('Explain rain.'), fake.context).events);
    while (fake.of('p/routed').length < 3) await new Promise((resolve) => setImmediate(resolve));
    fake.abort();
    await expect(reading).rejects.toMatchObject({ kind: 'client-closed' });
    expect(fake.of('p/routed').every(({ signal }) => signal.aborted)).toBe(true);
    expect(fake.of('s/join')).toHaveLength(0);
  });
});

describe('the parts in a reply are read from', () => {
  test.each([
    ['JSON', PARTS, 3],
    ['JSON in a fence', `Sure!\n\`\`\`json\n${PARTS}\n\`\`\``, 3],
    ['a bare array with a trailing comma', '["What is a?", "What is b?",]', 2],
    ['objects', '{"questions": [{"q": "What is a?"}, {"q": "What is b?"}]}', 2],
    ['a numbered list', 'Here:\n1. What is a?\n2) What is b?\n', 2],
    ['Korean lines', '비는 무엇인가요?\n왜 내리나요?\n어떻게 잽니까?', 3],
    ['ten of them, of which five stay', JSON.stringify(Array.from({ length: 10 }, (_, index) => `What is part ${index}?`)), 5],
    ['one alone, which is no split', '["What is a?"]', 0],
    ['prose, which has none', 'I would rather not.', 0],
  ])('%s', (_, reply, count) => {
    expect(partsIn(reply)).toHaveLength(count);
  });
});
