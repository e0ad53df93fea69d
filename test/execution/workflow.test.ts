import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../src/core/errors.ts';
import { runWorkflow, type WorkflowProgress } from '../../src/execution/workflow.ts';
import { loadWorkflows } from '../../src/execution/workflow-load.ts';
import { itemsIn, type Workflow } from '../../src/execution/workflow-model.ts';
import { fakeContext, promptText, read, ref, type Script, userRequest, words } from './fakes.ts';

const load = (text: string): Workflow => loadWorkflows([{ name: 'workflows/w.yaml', text }])[0] as Workflow;
const blog = loadWorkflows([
  { name: 'workflows/blog.yaml', text: readFileSync(new URL('../../config/workflows/blog.yaml', import.meta.url), 'utf8') },
])[0] as Workflow;

async function run(workflow: Workflow, scripts: Record<string, Script | Script[]>, limits = {}, more = {}) {
  const fake = fakeContext(scripts, limits, more);
  const progress: WorkflowProgress[] = [];
  const running = runWorkflow(workflow, userRequest('cats'), fake.context, (step) => progress.push(step));
  const answer = await read(running.events);
  return { ...fake, ...answer, progress, trace: running.trace() };
}

describe('a workflow', () => {
  test('fills in the input and the results of earlier steps', async () => {
    const workflow = load(
      'steps:\n  - id: a\n    prompt: "About {{input}}"\n  - id: b\n    model: q/big\n    prompt: "More than {{steps.a}} on {{ input }}"\n',
    );
    const asked: string[] = [];
    const { text, made, trace } = await run(
      workflow,
      { 'p/routed': ['Cats purr.', 'Cats purr a lot.'] },
      {},
      {
        route: (request: { model: string }) => {
          asked.push(request.model);
          return ref('p/routed');
        },
      },
    );
    expect(text).toBe('Cats purr a lot.');
    expect(made.map(({ request }) => promptText(request))).toEqual(['About cats', 'More than Cats purr. on cats']);
    expect(asked).toEqual(['auto', 'q/big']);
    expect(trace?.steps.map(({ id, text: result }) => [id, result])).toEqual([
      ['a', 'Cats purr.'],
      ['b', 'Cats purr a lot.'],
    ]);
    expect(trace).toMatchObject({ strategy: 'workflow:w', degraded: false, calls: 2 });
  });

  test('runs what can run side by side, and what waits after what it needs', async () => {
    const workflow = load(
      'steps:\n  - {id: a, prompt: a}\n  - {id: b, prompt: b}\n  - {id: c, prompt: "{{steps.a}}{{steps.b}}"}\n  - {id: d, prompt: d, parallel: false}\n',
    );
    let running = 0;
    const most: number[] = [];
    async function* counted() {
      running += 1;
      most.push(running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
      yield* words('done');
    }
    await run(workflow, { 'p/routed': () => counted() });
    expect(most).toEqual([1, 2, 1, 1]);
  });

  test('goes over a list, some at once, in order', async () => {
    const workflow = load(
      'steps:\n  - id: list\n    prompt: list\n  - id: each\n    for_each: "{{steps.list}}"\n    parallel: 2\n    prompt: "{{index}}: {{item}}"\n    wrap: "# {{item}}\\n{{result}}"\n',
    );
    const { text, progress, trace } = await run(workflow, {
      'p/routed': (request) => (promptText(request) === 'list' ? '1. fur\n2. claws\n3. tails' : `on ${promptText(request)}`),
    });
    expect(text).toBe('# fur\non 1: fur\n\n# claws\non 2: claws\n\n# tails\non 3: tails');
    expect(progress.filter(({ item }) => item !== undefined)).toHaveLength(3);
    expect(trace?.steps[1]?.calls.map(({ item }) => item)).toEqual(['fur', 'claws', 'tails']);
  });

  test('leaves a failed item out and says so, but fails when a whole step has no result', async () => {
    const workflow = load('steps:\n  - id: each\n    for_each: [a, b]\n    prompt: "{{item}}"\n');
    const half = await run(workflow, { 'p/routed': (request) => (promptText(request) === 'a' ? '' : 'fine') });
    expect(half.text).toBe('fine');
    expect(half.trace?.reasons).toEqual(["step 'each 1/2' has no answer of p/routed (empty)"]);
    await expect(run(workflow, { 'p/routed': new GatewayError('upstream-failed', 'down') })).rejects.toMatchObject({
      status: 502,
      message: expect.stringContaining("'each'"),
    });
  });

  test('asks the next best model where the first gives nothing, and says so', async () => {
    const route = (_: unknown, except: readonly { model: string }[] = []) => ref(except.length === 0 ? 'p/slow' : 'p/other');
    const workflow = load('steps:\n  - {id: a, prompt: a}\n');
    const { text, trace } = await run(workflow, { 'p/slow': 'hang', 'p/other': 'Cats.' }, { stepDeadlineMs: 5 }, { route });
    expect(text).toBe('Cats.');
    expect(trace?.steps[0]?.calls.map(({ model, outcome }) => [model, outcome])).toEqual([
      ['slow', 'upstream-timeout'],
      ['other', 'ok'],
    ]);
    expect(trace?.reasons).toEqual(["step 'a' has no answer of p/slow (upstream-timeout)"]);
  });

  test('names the step and the models when nobody gives anything for it', async () => {
    const route = (_: unknown, except: readonly unknown[] = []) => ref(except.length === 0 ? 'p/slow' : 'p/other');
    await expect(run(load('steps:\n  - {id: a, prompt: a}\n'), { 'p/slow': 'hang', 'p/other': '' }, { stepDeadlineMs: 5 }, { route })).rejects.toMatchObject({
      status: 502,
      message: "Workflow w: step 'a' has no result. p/slow (upstream-timeout), p/other (empty).",
    });
  });

  test('is more patient with a step than an ensemble with a member', async () => {
    async function* late() {
      await new Promise((resolve) => setTimeout(resolve, 20));
      yield* words('done');
    }
    const { text } = await run(load('steps:\n  - {id: a, prompt: a}\n'), { 'p/routed': late }, { memberDeadlineMs: 1, stepDeadlineMs: 60_000 });
    expect(text).toBe('done');
  });

  test('puts exactly one empty line between the items of a list', async () => {
    const workflow = load('steps:\n  - id: each\n    for_each: [a, b]\n    prompt: "{{item}}"\n    wrap: |\n      ## {{item}}\n\n      {{result}}\n');
    expect((await run(workflow, { 'p/routed': 'fine\n\n' })).text).toBe('## a\n\nfine\n\n## b\n\nfine');
  });

  test('that fails stops its other steps', async () => {
    const workflow = load('steps:\n  - {id: a, prompt: a}\n  - {id: b, prompt: b}\n');
    const fake = fakeContext({ 'p/routed': (request) => (promptText(request) === 'a' ? '' : words('x'.repeat(3))) }, {});
    const hung = fakeContext({ 'p/one': '', 'p/two': 'hang' }, {}, { route: (request) => ref(promptText(request) === 'a' ? 'p/one' : 'p/two') });
    await expect(read(runWorkflow(workflow, userRequest('x'), hung.context).events)).rejects.toMatchObject({ kind: 'upstream-failed' });
    expect(hung.of('p/two')[0]?.signal.aborted).toBe(true);
    await expect(read(runWorkflow(workflow, userRequest('x'), fake.context).events)).rejects.toThrow("'a'");
  });

  test('is cancelled with the request', async () => {
    const fake = fakeContext({ 'p/routed': 'hang' });
    const reading = read(runWorkflow(load('steps:\n  - {id: a, prompt: a}\n'), userRequest('x'), fake.context).events);
    await new Promise((resolve) => setImmediate(resolve));
    fake.abort();
    await expect(reading).rejects.toMatchObject({ kind: 'client-closed' });
    expect(fake.made.every(({ signal }) => signal.aborted)).toBe(true);
  });

  test('keeps to the ceiling of calls', async () => {
    const workflow = load('steps:\n  - id: each\n    for_each: [a, b, c]\n    prompt: "{{item}}"\n');
    await expect(run(workflow, { 'p/routed': 'x' }, { maxCalls: 2 })).rejects.toMatchObject({ kind: 'invalid-request' });
  });

  test('asks for the form that a step wants', async () => {
    const { made } = await run(load('steps:\n  - {id: a, prompt: a, format: concise, enhance: true}\n'), { 'p/routed': 'x' });
    expect(promptText(made[0]?.request as never)).toContain('concisely');
  });
});

test('the blog workflow makes a Markdown post', async () => {
  const { text, trace, finish, reasoning } = await run(blog, {
    'p/routed': (request) => {
      const prompt = promptText(request);
      if (prompt.startsWith('Write one short')) return 'Cats at home';
      if (prompt.startsWith('Plan a blog')) return 'Here is the plan:\n1. Why cats\n2. **Feeding**\n3. Sleep';
      if (prompt.startsWith('Write the section')) return 'A paragraph.';
      if (prompt.startsWith('Give one short')) return '```js\npurr()\n```';
      return 'Cats are fine.';
    },
  });
  expect(text).toBe(
    '# Cats at home\n\n## Why cats\n\nA paragraph.\n\n## Feeding\n\nA paragraph.\n\n## Sleep\n\nA paragraph.\n\n## Example\n\n```js\npurr()\n```\n\n---\n\n**Summary (English):** Cats are fine.',
  );
  expect(trace?.calls).toBe(7);
  expect(finish?.usage.outputTokens).toBe(35);
  expect(reasoning).toContain('Step sections 2/3');
});

describe('loading a workflow names file and line of', () => {
  test.each([
    ['an unknown step', 'steps:\n  - id: a\n    prompt: "{{steps.b}}"\n', "w.yaml:3: step 'a' uses {{steps.b}}, but there is no step 'b'"],
    ['an unknown need', 'steps:\n  - id: a\n    needs: [zz]\n    prompt: x\n', "w.yaml:3: step 'a' needs 'zz', which is no step"],
    ['an unknown list', 'steps:\n  - id: a\n    prompt: x\n    for_each: zz\n', "w.yaml:4: step 'a' goes over 'zz', which is no step"],
    ['a cycle', 'steps:\n  - id: a\n    prompt: "{{steps.b}}"\n  - id: b\n    prompt: "{{steps.a}}"\n', 'w.yaml:2: steps wait for each other: a -> b -> a'],
    ['a step that waits for itself', 'steps:\n  - id: a\n    prompt: "{{steps.a}}"\n', 'w.yaml:2: steps wait for each other: a -> a'],
    ['a variable that nothing fills', 'steps:\n  - id: a\n    prompt: "{{topic}}"\n', "w.yaml:3: step 'a' uses {{topic}}, which nothing fills"],
    ['an item without a list', 'steps:\n  - id: a\n    prompt: "{{item}}"\n', "w.yaml:3: step 'a' uses {{item}}, which nothing fills"],
    ['a doubled id', 'steps:\n  - {id: a, prompt: x}\n  - {id: a, prompt: y}\n', "w.yaml:3: there is another step 'a'"],
    ['an unknown key', 'steps:\n  - id: a\n    prompt: x\n    promt: y\n', "w.yaml:4: unknown key 'promt'"],
    ['a step without prompt', 'steps:\n  - id: a\n', "w.yaml:2: step 'a': expected either a prompt or a template"],
    ['an output that is no step', 'output: z\nsteps:\n  - {id: a, prompt: x}\n', "w.yaml:1: output names 'z', which is no step"],
    ['broken YAML', 'steps:\n  - id: a\n   prompt: [x\n', 'w.yaml:3:'],
    ['a text that is no workflow', '- a\n- b\n', 'w.yaml:1: expected a mapping with name and steps'],
    ['no steps', 'name: a\n', 'w.yaml:1: expected steps'],
    [
      'ten thousand steps',
      `steps:\n${Array.from({ length: 10_000 }, (_, index) => `  - {id: s${index}, prompt: x}\n`).join('')}`,
      'w.yaml:2: expected at most 40 steps, found 10000',
    ],
    ['a thousand items', `steps:\n  - id: a\n    prompt: "{{item}}"\n    for_each: [${'x, '.repeat(1_000)}y]\n`, 'w.yaml:4: step'],
    ['a wrong format', 'steps:\n  - {id: a, prompt: x, format: fancy}\n', 'w.yaml:2: expected format'],
    ['a huge file', `# ${'x'.repeat(1_100_000)}`, 'w.yaml:1: expected at most'],
  ])('%s', (_, text, message) => {
    expect(() => load(text)).toThrow(message);
  });

  test('every problem at once', () => {
    expect(() => load('steps:\n  - id: a\n    prompt: "{{x}}"\n  - id: b\n    prompt: "{{y}}"\n')).toThrow(/w\.yaml:3:[\s\S]*\n[\s\S]*w\.yaml:5:/);
  });

  test('two workflows of one name', () => {
    const text = 'name: a\nsteps:\n  - {id: a, prompt: x}\n';
    expect(() =>
      loadWorkflows([
        { name: 'a.yaml', text },
        { name: 'b.yaml', text },
      ]),
    ).toThrow("b.yaml:1: there is another workflow named 'a'");
  });
});

test.each([
  ['a numbered list', 'Plan:\n1. a\n2. b', ['a', 'b']],
  ['headings', '## One\n## Two', ['One', 'Two']],
  ['lines', 'one\ntwo\n', ['one', 'two']],
  ['more than is allowed', Array.from({ length: 50 }, (_, index) => `- item ${index}`).join('\n'), Array.from({ length: 12 }, (_, index) => `item ${index}`)],
])('items are read from %s', (_, text, items) => {
  expect(itemsIn(text, [])).toEqual(items);
});

test('items are read from JSON', () => {
  expect(itemsIn('', [['a', { title: 'b' }]])).toEqual(['a', 'b']);
  expect(itemsIn('', [{ sections: ['x', 'y'] }])).toEqual(['x', 'y']);
});
