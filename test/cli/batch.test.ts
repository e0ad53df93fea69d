import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BatchItem, csvRecords, formatOf, readItems } from '../../src/cli/batch-input.ts';
import { openOutput } from '../../src/cli/batch-output.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, nativeAnswer, ollamaHandler, sendJson, type Upstream } from '../support/upstream.ts';

let folder: string;
let upstream: Upstream;
let gateway: TestGateway;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orchestrator-batch-'));
  upstream = await createUpstream(
    ollamaHandler([{ name: 'llama3.1:8b' }], (seen, response) =>
      seen.text.includes('bad') ? sendJson(response, { error: 'no' }, 400) : nativeAnswer(['fine'])(seen, response),
    ),
  );
  gateway = await startGateway({ gateway: { providers: [{ name: 'ollama', type: 'ollama', url: upstream.url }] } });
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
  await rm(folder, { recursive: true, force: true });
});

const file = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
};
const itemsOf = async (path: string, column?: string): Promise<BatchItem[]> => {
  const items: BatchItem[] = [];
  for await (const item of readItems(path, formatOf(path), column)) items.push(item);
  return items;
};
const user = (content: string) => ({ messages: [{ role: 'user', content }] });

const run = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const program = join(import.meta.dirname, '../../src/cli/main.ts');
    execFile(process.execPath, [program, 'batch', ...args, '--url', gateway.url], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });

describe('reading questions', () => {
  it('takes every kind of JSON line', async () => {
    const path = await file(
      'a.jsonl',
      '\uFEFF{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[]}}\r\n\n{"id":7,"prompt":"p"}\n{"messages":[{"role":"user","content":"q"}],"temperature":0}\n"한글"',
    );
    expect(await itemsOf(path)).toEqual([
      { id: 'a', body: { model: 'm', messages: [] } },
      { id: '7', body: user('p') },
      { id: 'line-4', body: { ...user('q'), temperature: 0 } },
      { id: 'line-5', body: user('한글') },
    ]);
  });

  it('takes one question a line', async () => {
    expect(await itemsOf(await file('b.txt', 'one\n\n  two  \r\nthree'))).toEqual([
      { id: 'line-1', body: user('one') },
      { id: 'line-3', body: user('two') },
      { id: 'line-4', body: user('three') },
    ]);
  });

  it('takes CSV with quotes, commas and line breaks in them', async () => {
    const path = await file('c.csv', '\uFEFFID,Question,model\r\n1,"a, ""b""\nc",m\n,plain,\n3,,x\n');
    expect(await itemsOf(path)).toEqual([
      { id: '1', body: { model: 'm', ...user('a, "b"\nc') } },
      { id: 'row-2', body: user('plain') },
    ]);
    expect((await itemsOf(path, 'id')).map(({ id }) => id)).toEqual(['1', '3']);
  });

  it('reads CSV the same in any pieces', async () => {
    const bytes = Buffer.from('a,"ㄱ""ㄴ",c\n"x\ny",,\n');
    for (const size of [1, 2, 5, 100]) {
      async function* pieces() {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
      }
      const records: string[][] = [];
      for await (const record of csvRecords(pieces())) records.push(record);
      expect(records).toEqual([
        ['a', 'ㄱ"ㄴ', 'c'],
        ['x\ny', '', ''],
      ]);
    }
  });

  it.each([
    ['d.jsonl', '{"prompt":"a"}\n{', 'line 2 is not JSON'],
    ['e.jsonl', '{"nothing":1}', 'line-1: expected'],
    ['f.csv', 'a,b\n1,2', 'must name a column'],
  ])('says what is wrong with %s', async (name, text, message) => {
    await expect(itemsOf(await file(name, text))).rejects.toThrow(message);
  });
});

it('goes on behind what a crash left, without the line it cut', async () => {
  const path = await file('o.jsonl', '{"id":"a"}\n{"id":"b"}\n{"id":"c","answ');
  const output = await openOutput(path);
  expect([...output.done]).toEqual(['a', 'b']);
  await output.write({ id: 'c' });
  await output.close();
  expect(await readFile(path, 'utf8')).toBe('{"id":"a"}\n{"id":"b"}\n{"id":"c"}\n');
});

describe('orchestrator batch', () => {
  it('answers, counts, tells failures, and asks only for what is missing when run again', async () => {
    const input = await file('in.txt', 'one\nbad\nthree\nfour');
    const out = join(folder, 'out.jsonl');
    const first = await run(input, '-o', out);
    expect(first.code).toBe(1);
    expect(first.stdout).toMatch(/3 answered .* tokens: 21 in, 3 out/);
    expect(first.stdout).toMatch(/llama3\.1:8b +3 +100%/);
    expect(first.stdout).toContain('line-2: 400');
    expect(first.stderr).toContain('4/4');
    const rows = (await readFile(out, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows.map(({ id }) => id).sort()).toEqual(['line-1', 'line-3', 'line-4']);
    expect(rows[0]).toMatchObject({ answer: 'fine', model: 'llama3.1:8b', provider: 'ollama', tokens: { input: 7, output: 1 } });

    upstream.handle(ollamaHandler([{ name: 'llama3.1:8b' }], nativeAnswer(['now'])));
    const before = upstream.calls().length;
    const second = await run(input, '-o', out, '--json');
    expect(second.code).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({ answered: 1, failed: 0, models: { 'llama3.1:8b': 1 } });
    expect(upstream.calls().length - before).toBe(1);
    expect((await readFile(out, 'utf8')).trimEnd().split('\n')).toHaveLength(4);
    await expect(readFile(`${out}.failed`)).rejects.toThrow();
  });

  it.each([
    [[], 'which file'],
    [['none.txt', '-o', 'x'], 'there is no file'],
    [['in.txt'], 'where do the answers go'],
    [['in.txt', '-o', 'x', '--concurrency', '0'], '--concurrency'],
  ])('ends with 2 when called with %j', async (args, message) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
