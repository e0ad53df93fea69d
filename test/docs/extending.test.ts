import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatResult } from '../../src/core/chat.ts';
import type { Provider } from '../../src/core/provider.ts';
import type { Dialect, EncodeContext } from '../../src/dialects/dialect.ts';
import type { CombineInput, Combining } from '../../src/execution/ensemble-combine.ts';
import type { Classifier } from '../../src/policy/classifiers/classifier.ts';
import { readPrompt } from '../../src/policy/text.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/extending.md'), 'utf8');
const examples = [...page.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)].map(([, path = '', code = '']) => ({ path, code }));

/** Below the project, so that packages are found; ignored by git. */
let folder = '';

beforeAll(() => {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  folder = mkdtempSync(join(ROOT, '.cache/extending-'));
  for (const { path, code } of examples) {
    // Imports of other examples stay relative; imports of the project lead there.
    const placed = code.replace(/from '(\.[^']+)'/g, (whole, name: string) => {
      const target = join(dirname(path), name);
      return examples.some((other) => other.path === target) ? whole : `from '${join(ROOT, target)}'`;
    });
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), placed);
  }
  // The route's types come from the plugins that decorate Fastify.
  writeFileSync(join(folder, 'shell.d.ts'), `import '${join(ROOT, 'src/app.ts')}';\n`);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: join(ROOT, 'tsconfig.json'), include: ['.'] }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const load = async <T>(path: string): Promise<T> => (await import(join(folder, path))) as T;

describe('the examples of docs/extending.md', () => {
  it('are one each for provider, dialect, route, strategy and classifier', () => {
    expect(examples.map(({ path }) => path)).toEqual([
      'src/providers/echo.ts',
      'src/dialects/plain/chat.ts',
      'routes/plain.ts',
      'src/execution/longest.ts',
      'src/policy/classifiers/short.ts',
    ]);
  });

  it('compile against the code', () => {
    const { stdout, error } = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder, '--pretty', 'false'], { encoding: 'utf8', cwd: folder });
    expect(error).toBeUndefined();
    // What is wrong outside the examples is told by npm run typecheck.
    expect(stdout.split('\n').filter((line) => /^(?!\.\.)\S+\(\d+,\d+\): error/.test(line))).toEqual([]);
    // A whole compilation: a busy machine takes long over it.
  }, 180_000);

  it('show a provider that streams', async () => {
    const { createEchoProvider } = await load<{ createEchoProvider: (name: string) => Provider }>('src/providers/echo.ts');
    const { request } = (await load<{ plainChat: Dialect }>('src/dialects/plain/chat.ts')).plainChat.decode({ ask: 'one two' });
    const call = { model: 'echo', request, signal: new AbortController().signal, requestId: '1', tenant: 't', background: false, buffered: false };
    const events = [];
    for await (const batch of createEchoProvider('mine').chat(call)) events.push(...batch);
    expect(events.map(({ type }) => type)).toEqual(['start', 'text', 'text', 'finish']);
  });

  it('show a dialect that decodes and encodes, and names a wrong field', async () => {
    const { plainChat } = await load<{ plainChat: Dialect }>('src/dialects/plain/chat.ts');
    const { request } = plainChat.decode({ ask: 'hi' });
    expect(request).toMatchObject({ model: 'auto', dialect: 'plain' });
    expect(plainChat.encode([{ text: 'Hello.' } as ChatResult], { model: 'auto' } as EncodeContext)).toEqual({ answer: 'Hello.', model: 'auto' });
    expect(plainChat.frames({} as EncodeContext).event({ type: 'text', delta: 'a' })).toBe('{"piece":"a"}\n');
    expect(() => plainChat.decode({ ask: 1 })).toThrow("'ask'");
  });

  it('show a combiner that takes the longest answer', async () => {
    const { longest } = await load<{ longest: (input: CombineInput) => Combining }>('src/execution/longest.ts');
    const given = ['short', 'much longer'].map((text) => ({ text, target: { provider: 'p', model: text }, finishReason: 'stop' }));
    const combining = longest({ given } as unknown as CombineInput);
    const { value: batch } = await combining.next();
    expect(batch).toMatchObject([{ type: 'text', delta: 'much longer' }]);
    expect((await combining.next()).value).toMatchObject({ answeredBy: { model: 'much longer' } });
  });

  it('show a classifier that leans on another one', async () => {
    const { createShortClassifier } = await load<{ createShortClassifier: (next: Classifier) => Classifier }>('src/policy/classifiers/short.ts');
    const unsure: Classifier = {
      name: 'unsure',
      classify: () => ({ task: 'analysis', confidence: 0.4, probabilities: { analysis: 0.4, quick: 0.3 }, by: 'unsure' }),
    };
    expect(createShortClassifier(unsure).classify(readPrompt('capital of Korea?'))).toMatchObject({ task: 'quick', by: 'short' });
    expect(createShortClassifier(unsure).classify(readPrompt('Compare the economies of Korea and Japan since 1990.'))).toMatchObject({ by: 'unsure' });
  });

  it('show the quality library by itself', async () => {
    const [, code = ''] = /```js\n(import \{ agreement[\s\S]*?)```/.exec(page) ?? [];
    const path = join(folder, 'library.ts');
    const shown =
      'export const seen = [vote(answers).value, agreement(answers).score > 0.5, best([answers[0] ?? "", answers[2] ?? ""], { question: "What is 9 * 2?" }).index];';
    writeFileSync(path, `${code.replaceAll("'./src/", `'${ROOT}/src/`)}\n${shown}\nvoid [confidence, trust, finalAnswer];\n`);
    expect(((await import(path)) as { seen: unknown }).seen).toEqual(['18', true, 0]);
  });
});
