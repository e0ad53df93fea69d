import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { check } from 'recheck';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
/** A regular expression literal, by what stands before it. */
const LITERAL = /(?<=(?:[(,=:[!&|?{};>]|\breturn|\n)\s*)\/(?![*/])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+)\/([dgimsuvy]*)/g;

/** Quadratic by the checker's word, but over text that is short by then: where, and what bounds it. */
const BOUNDED: Readonly<Record<string, string>> = {
  'src/catalogue.ts': 'a version that an Ollama host tells',
  'src/config.ts': 'the configuration of whoever starts the gateway',
  'src/origins.ts': 'a header, at most 16 KiB with all others',
  'src/providers/http.ts': 'the path of a configured address',
  'src/cli/command.ts': "Node's own message",
  'src/execution/workflow-model.ts': 'a workflow file of whoever starts the gateway',
  'src/execution/fence.ts': 'a member answer cut to its share of the context',
  'src/policy/complexity.ts': 'a prompt cut to its sample',
  'src/policy/text.ts': 'a prompt cut to its sample',
  'src/policy/classifiers/features.ts': 'a prompt cut to its sample',
  'src/policy/classifiers/llm.ts': 'an answer of a few tokens',
  'src/policy/classifiers/shape.ts': 'a prompt cut to its sample',
  'src/quality/final-answer.ts': 'measured with answers of 200 KB in hostile-text.test.ts',
  'src/quality/instructions.ts': 'measured with answers of 200 KB in hostile-text.test.ts',
  'src/quality/text.ts': 'measured with answers of 200 KB in hostile-text.test.ts',
  'src/dialects/ollama/options.ts': 'a duration of at most 64 characters',
  'src/providers/upstream-text.ts': 'a message cut to 2,000 characters',
  'src/providers/cli/failure.ts': 'the last lines a program wrote',
  'src/providers/cli/provider.ts': 'the version a program tells',
  'src/providers/cli/tools.ts': 'one line of a program, capped',
};

function literals(): Map<string, string> {
  const found = new Map<string, string>();
  for (const folder of ['src', 'plugins', 'routes']) {
    for (const name of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts')) continue;
      const code = readFileSync(join(ROOT, folder, name), 'utf8').replace(/^\s*(?:\/\/|\*|\/\*\*).*$/gm, '');
      for (const [text] of code.matchAll(LITERAL)) found.set(text, join(folder, name));
    }
  }
  return found;
}

describe.skipIf(process.env['TORTURE'] !== '1')('regular expressions (full run only: the checker takes two minutes)', () => {
  it('cannot be made to take exponential time, nor quadratic time on text of any length', { timeout: 600_000 }, async () => {
    const found = literals();
    expect(found.size).toBeGreaterThan(200);
    const bad: string[] = [];
    for (const [text, file] of found) {
      const end = text.lastIndexOf('/');
      const result = await check(text.slice(1, end), text.slice(end + 1), { timeout: 5_000, randomSeed: 1 });
      if (result.status === 'vulnerable' && (result.complexity.type === 'exponential' || BOUNDED[file] === undefined))
        bad.push(`${file} ${text}: ${result.complexity.summary}`);
    }
    expect(bad).toEqual([]);
  });
});
