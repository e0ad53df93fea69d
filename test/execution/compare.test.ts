import { expect, test } from 'vitest';
import { GatewayError } from '../../src/core/errors.ts';
import { runCompare } from '../../src/execution/compare.ts';
import { fakeContext, ref, userRequest } from './fakes.ts';

const models = ['a/x', 'b/y', 'c/z'].map(ref);

test('a comparison has one result per model, in the order asked, failures included', async () => {
  const { context } = fakeContext({ 'a/x': 'The answer is 18.', 'b/y': new GatewayError('model-not-found', 'no such model'), 'c/z': 'The answer is 18.' });
  const { results, agreement, usage } = await runCompare({ models, request: userRequest('9 * 2?'), context });
  expect(results.map(({ model, text, error }) => [model, text, error])).toEqual([
    ['x', 'The answer is 18.', undefined],
    ['y', '', 'no such model'],
    ['z', 'The answer is 18.', undefined],
  ]);
  expect(results[0]).toMatchObject({ tokens: 5, provider: 'a' });
  expect(results[0]?.tokens_per_second).toBeGreaterThan(0);
  expect(results[0]?.trust).toBeGreaterThan(80);
  expect(agreement).toBeGreaterThan(0.9);
  expect(usage).toEqual({ inputTokens: 20, outputTokens: 10 });
});

test('a comparison of more models than calls are allowed is refused', async () => {
  const { context } = fakeContext({}, { maxCalls: 2 });
  await expect(runCompare({ models, request: userRequest('9 * 2?'), context })).rejects.toMatchObject({ kind: 'invalid-request' });
});

test('a cancelled comparison cancels its calls', async () => {
  const fake = fakeContext({ 'a/x': 'hang', 'b/y': 'hang', 'c/z': 'hang' });
  const comparing = runCompare({ models, request: userRequest('9 * 2?'), context: fake.context });
  fake.abort();
  await expect(comparing).rejects.toMatchObject({ kind: 'client-closed' });
  expect(fake.made.every(({ signal }) => signal.aborted)).toBe(true);
});
