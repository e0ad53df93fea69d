import { describe, expect, test } from 'vitest';
import type { ChatEvent } from '../../src/core/chat.ts';
import { GatewayError } from '../../src/core/errors.ts';
import type { Combine } from '../../src/core/plan.ts';
import { runEnsemble } from '../../src/execution/ensemble.ts';
import { fakeContext, hanging, prompts, promptText, read, ref, type Script, userRequest, words } from './fakes.ts';

const down = () => new GatewayError('upstream-failed', 'down');
const plan = (combine: Combine, members = ['a/x', 'b/y', 'c/z'], quorum = 2) => ({
  kind: 'ensemble' as const,
  combine,
  members: members.map(ref),
  quorum,
  judge: ref('j/judge'),
  sequential: false,
});
const question = userRequest('How many eggs are 9 times 2?');
const run = async (combine: Combine, scripts: Record<string, Script | Script[]>, limits = {}, request = question, members?: string[]) => {
  const fake = fakeContext(scripts, limits);
  const running = runEnsemble(plan(combine, members), request, fake.context);
  const answer = await read(running.events);
  return { ...fake, ...answer, trace: running.trace() };
};
const agreeing = { 'a/x': 'The answer is 18.', 'b/y': 'So it is 18 eggs.', 'c/z': 'The answer is 19.' };

describe('an ensemble with a judge', () => {
  test('streams what the judge writes, after start and progress, and counts every call', async () => {
    const { text, events, reasoning, finish, trace, made } = await run('synthesis', { ...agreeing, 'j/judge': 'Eighteen eggs in all.' });
    expect(text).toBe('Eighteen eggs in all.');
    expect(events[0]).toEqual({ type: 'start', model: 'ensemble' });
    expect(events[1]?.type).toBe('reasoning');
    expect(reasoning).toContain('a/x answered');
    expect(made).toHaveLength(4);
    expect(finish?.usage).toEqual({ inputTokens: 40, outputTokens: 20 });
    expect(trace).toMatchObject({ strategy: 'ensemble:synthesis', degraded: false, calls: 4, mode: 'closed', answeredBy: 'j/judge', judge: { outcome: 'ok' } });
    expect(trace?.usage).toEqual(finish?.usage);
    expect(trace?.members.map(({ model, outcome, tokens }) => [model, outcome, tokens])).toEqual([
      ['x', 'ok', 5],
      ['y', 'ok', 5],
      ['z', 'ok', 5],
    ]);
  });

  test('tells its first progress before any member has answered', async () => {
    const fake = fakeContext({ 'a/x': 'hang', 'b/y': 'hang', 'c/z': 'hang' });
    const iterator = runEnsemble(plan('synthesis'), question, fake.context).events[Symbol.asyncIterator]();
    expect((await iterator.next()).value?.map((event: ChatEvent) => event.type)).toEqual(['start', 'reasoning']);
    expect(fake.made).toHaveLength(3);
    await iterator.return?.();
  });

  test('puts the answers before the judge between fences that carry a nonce of this request, minority included', async () => {
    const seen = await run('synthesis', { ...agreeing, 'j/judge': 'ok then' });
    const again = await run('synthesis', { ...agreeing, 'j/judge': 'ok then' });
    const asked = promptText(seen.of('j/judge')[0]?.request as never);
    const nonce = /\[\[BEGIN ANSWER 1 ([0-9a-f]{32})\]\]\n/.exec(asked)?.[1] as string;
    expect(asked).toContain(`[[END ANSWER 3 ${nonce}]]`);
    expect(asked).toContain('The answer is 19.');
    expect(promptText(again.of('j/judge')[0]?.request as never)).not.toContain(nonce);
    for (const name of ['a/x', 'b/y', 'c/z']) expect(promptText(seen.of(name)[0]?.request as never)).not.toContain(nonce);
  });

  test('keeps the conversation and the system text for members and judge', async () => {
    const request = userRequest('And twice that?', {
      messages: [
        { role: 'system', content: [{ type: 'text', text: 'Speak like a pirate.' }] },
        { role: 'user', content: [{ type: 'text', text: 'What is 9 times 2?' }] },
        { role: 'assistant', content: [{ type: 'text', text: '18, arr.' }] },
        { role: 'user', content: [{ type: 'text', text: 'And twice that?' }] },
      ],
    });
    const { of } = await run('synthesis', { ...agreeing, 'j/judge': '36, arr.' }, {}, request);
    expect(of('a/x')[0]?.request.messages).toEqual(request.messages);
    const asked = of('j/judge')[0]?.request;
    expect(asked?.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(promptText(asked as never)).toContain('Speak like a pirate.');
  });

  test('asks for Korean when the question is Korean', async () => {
    const { of, reasoning } = await run('synthesis', { ...agreeing, 'j/judge': '열여덟 개입니다.' }, {}, userRequest('달걀은 모두 몇 개입니까?'));
    expect(promptText(of('j/judge')[0]?.request as never)).toContain('한국어로 답하세요');
    expect(reasoning).toContain('물어보는 중');
  });

  test.each<[string, Script]>([
    ['dead', down()],
    ['empty', ''],
    ['blank', '   '],
    ['hung', 'hang'],
  ])('gives the best member answer, marked, when the judge is %s', async (_, judge) => {
    const { text, trace, finish } = await run('synthesis', { ...agreeing, 'j/judge': judge }, { judgeDeadlineMs: 40 });
    expect(['The answer is 18.', 'So it is 18 eggs.']).toContain(text);
    expect(finish?.reason).toBe('stop');
    expect(trace).toMatchObject({ degraded: true });
    expect(trace?.reasons.join()).toContain('j/judge');
  });

  test('adds the best member answer below a rule when the judge dies halfway', async () => {
    async function* half() {
      yield [{ type: 'text' as const, delta: 'Eighteen, bec' }];
      await Promise.resolve();
      throw down();
    }
    const { text, trace } = await run('synthesis', { ...agreeing, 'j/judge': () => half() });
    expect(text).toMatch(/^Eighteen, bec\n\n---\n\n/);
    expect(text).toContain('18');
    expect(trace?.degraded).toBe(true);
  });

  test('tells no progress and no half text to a reader who gets one answer at the end', async () => {
    async function* half() {
      yield [{ type: 'text' as const, delta: 'Eighteen, bec' }];
      await Promise.resolve();
      throw down();
    }
    for (const judge of [() => half(), 'Eighteen in all.']) {
      const fake = fakeContext({ ...agreeing, 'j/judge': judge }, {}, { buffered: true });
      const { text, reasoning } = await read(runEnsemble(plan('synthesis'), question, fake.context).events);
      expect(reasoning).toBe('');
      expect(text).toMatch(/^The answer is 18\.$|^So it is 18 eggs\.$|^Eighteen in all\.$/);
    }
  });

  test('needs no judge when one member alone has answered', async () => {
    const { text, made, trace } = await run('synthesis', { 'a/x': 'The answer is 18.', 'b/y': down(), 'c/z': down() });
    expect(text).toBe('The answer is 18.');
    expect(made.some(({ target }) => target.provider === 'j')).toBe(false);
    expect(trace?.degraded).toBe(true);
    expect(trace?.reasons).toContain('1 of 3 answered where 2 were wanted');
  });
});

describe('members', () => {
  test('that are dead, hung or slow cost their vote and are named', async () => {
    const { text, trace } = await run('vote', { 'a/x': 'The answer is 18.', 'b/y': down(), 'c/z': 'hang' }, { memberDeadlineMs: 60 });
    expect(text).toBe('The answer is 18.');
    expect(trace?.members.map(({ outcome }) => outcome)).toEqual(['ok', 'upstream-failed', 'upstream-timeout']);
    expect(trace?.degraded).toBe(true);
  });

  test('are not waited for once a quorum has answered and a grace has passed', async () => {
    const { trace } = await run('vote', { ...agreeing, 'c/z': 'hang' }, { memberDeadlineMs: 60_000, graceMs: 5 });
    expect(trace?.members[2]?.outcome).toBe('late');
    expect(trace?.degraded).toBe(true);
  });

  test('are asked once more after a failure that may pass or an empty answer', async () => {
    const { trace, made } = await run('vote', { 'a/x': [down(), 'The answer is 18.'], 'b/y': ['', 'The answer is 18.'], 'c/z': 'The answer is 18.' });
    expect(trace?.members.map(({ outcome, attempts }) => [outcome, attempts])).toEqual([
      ['ok', 2],
      ['ok', 2],
      ['ok', 1],
    ]);
    expect(made).toHaveLength(5);
    expect(trace?.degraded).toBe(false);
  });

  test('are not asked again when the request itself was wrong', async () => {
    const { of } = await run('vote', { ...agreeing, 'c/z': new GatewayError('model-not-found', 'gone') });
    expect(of('c/z')).toHaveLength(1);
  });

  test('that all fail make the request fail', async () => {
    await expect(run('synthesis', { 'a/x': down(), 'b/y': down(), 'c/z': '' })).rejects.toMatchObject({ kind: 'upstream-failed', status: 502 });
  });

  test('run at most as many at once as allowed, one after the other when sequential', async () => {
    let running = 0;
    let most = 0;
    async function* counted() {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      yield* words('The answer is 18.');
      running -= 1;
    }
    const scripts = { 'a/x': () => counted() };
    const members = Array.from({ length: 6 }, () => ref('a/x'));
    for (const [sequential, expected] of [
      [false, 2],
      [true, 1],
    ] as const) {
      most = 0;
      await read(runEnsemble({ ...plan('vote'), members, quorum: 6, sequential }, question, fakeContext(scripts, { maxConcurrent: 2 }).context).events);
      expect(most).toBe(expected);
    }
  });

  test('of one model are asked in different styles, seeds and with some temperature, and keep the same beginning', async () => {
    const { of } = await run('vote', { 'a/x': 'The answer is 18.' }, {}, userRequest('What is 9 * 2?', { sampling: { temperature: 0, seed: 7 } }), [
      'a/x',
      'a/x',
      'a/x',
    ]);
    const requests = of('a/x').map(({ request }) => request);
    expect(requests.map(({ sampling }) => [sampling.seed, sampling.temperature])).toEqual([
      [7, 0],
      [8, 0.7],
      [9, 0.7],
    ]);
    expect(new Set(requests.map(promptText)).size).toBe(3);
    for (const request of requests) expect(promptText(request).startsWith('What is 9 * 2?')).toBe(true);
    expect(promptText(requests[1] as never)).toContain(prompts.styles[0]);
  });

  test('are read no further than the cap', async () => {
    let pulled = 0;
    async function* flood() {
      for (let piece = 0; piece < 10_000; piece++) {
        pulled += 1;
        await Promise.resolve();
        yield [{ type: 'text' as const, delta: 'x'.repeat(1_000) }];
      }
    }
    const { trace, of } = await run('vote', { ...agreeing, 'c/z': () => flood() }, { memberChars: 5_000 });
    expect(pulled).toBeLessThan(10);
    expect(of('c/z')[0]?.signal.aborted).toBe(true);
    expect(trace?.usage.outputTokens).toBe(10 + 1_500);
  });
});

describe('vote, best and race', () => {
  test('vote gives an answer of the majority, word for word', async () => {
    const { text, trace, made } = await run('vote', agreeing);
    expect(['The answer is 18.', 'So it is 18 eggs.']).toContain(text);
    expect(made).toHaveLength(3);
    expect(trace?.members[2]?.trust).toBeLessThan(trace?.members[0]?.trust as number);
  });

  test('vote over prose keeps what most claim', async () => {
    const { text, trace } = await run('vote', {
      'a/x': 'The Nile flows north into the Mediterranean Sea. Egypt depends on its water for farming. It was painted by my aunt.',
      'b/y': 'The Nile flows northwards into the Mediterranean Sea. Egypt depends on its water for its farming.',
      'c/z': 'The Nile flows north to the Mediterranean Sea. Many crocodiles live there in the mud of the banks.',
    });
    expect(text).toContain('Mediterranean');
    expect(text).toContain('Egypt');
    expect(text).not.toContain('crocodiles');
    expect(trace?.claims[0]?.supporters).toEqual(['a/x', 'b/y', 'c/z']);
    expect(trace?.minority.map((claim) => claim.text).join()).toContain('crocodiles');
  });

  test('best gives the most trusted answer, not the longest', async () => {
    const { text } = await run('best', { ...agreeing, 'c/z': `# Long\n\n${'Many many words about eggs and hens. '.repeat(60)}\n\nThe answer is 19.` });
    expect(text).toContain('18');
  });

  test('race gives the first good answer and cancels the others at once', async () => {
    const { text, trace, of } = await run('race', { 'a/x': 'hang', 'b/y': 'The answer is 18.', 'c/z': 'hang' });
    expect(text).toBe('The answer is 18.');
    expect(trace?.members.map(({ outcome }) => outcome)).toEqual(['cancelled', 'ok', 'cancelled']);
    expect(trace?.degraded).toBe(false);
    for (const name of ['a/x', 'c/z']) expect(of(name)[0]?.signal.aborted).toBe(true);
  });

  test('race goes past refusals, failures and empty answers', async () => {
    const slow = async function* () {
      await new Promise((resolve) => setTimeout(resolve, 20));
      yield* words('It is 18.');
    };
    const { text } = await run('race', { 'a/x': "I'm sorry, I cannot help with that.", 'b/y': '', 'c/z': () => slow() });
    expect(text).toBe('It is 18.');
  });

  test('race with nothing good gives the best there is', async () => {
    const { text } = await run('race', { 'a/x': "I'm sorry, I cannot help with that.", 'b/y': down(), 'c/z': down() });
    expect(text).toContain('sorry');
  });
});

describe('a cascade', () => {
  test('does not call the strong model when the cheap ones agree', async () => {
    const { text, of, trace } = await run('cascade', { 'a/x': 'The answer is 18.', 'b/y': '18' }, {}, question, ['a/x', 'b/y']);
    expect(text).toContain('18');
    expect(of('j/judge')).toHaveLength(0);
    expect(trace).toMatchObject({ agreed: true, degraded: false });
  });

  test('asks the strong model the plain question when they disagree', async () => {
    const { text, of, trace } = await run('cascade', { 'a/x': 'The answer is 17.', 'b/y': '19', 'j/judge': 'It is 18.' }, {}, question, ['a/x', 'b/y']);
    expect(text).toBe('It is 18.');
    expect(promptText(of('j/judge')[0]?.request as never)).toBe('How many eggs are 9 times 2?');
    expect(trace).toMatchObject({ agreed: false, degraded: false, answeredBy: 'j/judge', calls: 3 });
  });

  test('samples a single cheap model three times', async () => {
    const { of } = await run('cascade', { 'a/x': 'The answer is 18.' }, {}, question, ['a/x']);
    expect(of('a/x')).toHaveLength(3);
  });

  test('goes to the strong model when the cheap ones are down, and to their vote when the strong one is', async () => {
    expect((await run('cascade', { 'a/x': down(), 'b/y': down(), 'j/judge': 'It is 18.' }, {}, question, ['a/x', 'b/y'])).text).toBe('It is 18.');
    const fallen = await run('cascade', { 'a/x': 'The answer is 18.', 'b/y': 'The answer is 19.', 'j/judge': down() }, {}, question, ['a/x', 'b/y']);
    expect(fallen.text).toMatch(/The answer is 1[89]\./);
    expect(fallen.trace?.degraded).toBe(true);
    await expect(run('cascade', { 'a/x': down(), 'b/y': down(), 'j/judge': down() }, {}, question, ['a/x', 'b/y'])).rejects.toMatchObject({ status: 502 });
  });
});

describe('cancelling', () => {
  const streams = { 'a/x': 'hang', 'b/y': 'hang', 'c/z': 'hang' } as const;

  test('the request cancels every member and never calls the judge', async () => {
    const fake = fakeContext(streams);
    const reading = read(runEnsemble(plan('synthesis'), question, fake.context).events);
    await new Promise((resolve) => setImmediate(resolve));
    fake.abort();
    await expect(reading).rejects.toMatchObject({ kind: 'client-closed' });
    expect(fake.made.map(({ signal }) => signal.aborted)).toEqual([true, true, true]);
    expect(fake.of('j/judge')).toHaveLength(0);
  });

  test('by leaving the stream cancels every member', async () => {
    const fake = fakeContext(streams);
    const iterator = runEnsemble(plan('vote'), question, fake.context).events[Symbol.asyncIterator]();
    await iterator.next();
    const waiting = iterator.next();
    waiting.catch(() => undefined);
    await iterator.return?.();
    expect(fake.made.every(({ signal }) => signal.aborted)).toBe(true);
    await expect(waiting).rejects.toMatchObject({ kind: 'client-closed' });
  });

  test('while the judge writes stops the judge', async () => {
    async function* endless() {
      for (let count = 0; count < 1_000; count++) yield [{ type: 'text' as const, delta: `word${count} ` }];
      yield* hanging();
    }
    const fake = fakeContext({ ...agreeing, 'j/judge': () => endless() });
    for await (const batch of runEnsemble(plan('synthesis'), question, fake.context).events) {
      if (batch.some(({ type }) => type === 'text')) break;
    }
    expect(fake.of('j/judge')[0]?.signal.aborted).toBe(true);
  });
});

describe('limits', () => {
  test('refuse more calls than allowed before any is made', async () => {
    const fake = fakeContext(agreeing, { maxCalls: 3 });
    await expect(read(runEnsemble(plan('synthesis'), question, fake.context).events)).rejects.toMatchObject({ kind: 'invalid-request', status: 400 });
    expect(fake.made).toHaveLength(0);
  });

  test('leave no call for a retry beyond the ceiling', async () => {
    const { made, trace } = await run('vote', { ...agreeing, 'c/z': down() }, { maxCalls: 3 });
    expect(made).toHaveLength(3);
    expect(trace?.members[2]?.outcome).toBe('upstream-failed');
  });

  test('refuse several choices', async () => {
    await expect(run('vote', agreeing, {}, userRequest('hi', { choices: 2 }))).rejects.toMatchObject({ kind: 'invalid-request' });
  });

  test('pass a request with tools to one member, unchanged', async () => {
    const request = userRequest('What is the weather?', { tools: [{ name: 'weather' }] });
    async function* calling() {
      yield [{ type: 'start' as const, model: 'x' }];
      yield [{ type: 'tool-call' as const, index: 0, id: 't1', name: 'weather', argumentsDelta: '{}' }];
      yield [{ type: 'finish' as const, reason: 'tool-calls' as const, usage: { outputTokens: 3 } }];
    }
    const { events, made, trace } = await run('synthesis', { 'a/x': down(), 'b/y': () => calling() }, {}, request);
    expect(events.map(({ type }) => type)).toEqual(['start', 'tool-call', 'finish']);
    expect(made).toHaveLength(2);
    expect(made[1]?.request.tools).toEqual(request.tools);
    expect(trace).toMatchObject({ strategy: 'ensemble:single', answeredBy: 'b/y', usage: { outputTokens: 3 } });
  });
});
