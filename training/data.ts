import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from './random.ts';

export interface Row {
  readonly text: string;
  readonly label: string;
  readonly lang: string;
  readonly source: string;
  readonly weight: number;
}

export const LABELS = ['code', 'analysis', 'translation', 'quick', 'math', 'creative'] as const;

const here = import.meta.dirname;

function lines(file: string): Record<string, string>[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Record<string, string>);
}

/** The labelled public prompts; `source` is what is held out. */
export function readTaskDev(shared: string): Row[] {
  return lines(join(shared, 'task-dev.jsonl')).map((row) => ({
    text: row['text'] ?? '',
    label: row['label'] ?? '',
    lang: row['lang'] ?? '',
    source: row['source'] ?? '',
    weight: 1,
  }));
}

/** Every prompt written for this project: corpus/LABEL.LANG.jsonl and corpus/extra*.jsonl. */
export function readCorpus(): Row[] {
  const folder = join(here, 'corpus');
  const rows: Row[] = [];
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.jsonl')) continue;
    const [label = '', lang = ''] = file.split('.');
    for (const row of lines(join(folder, file))) {
      rows.push({
        text: row['text'] ?? '',
        label: row['label'] ?? label,
        lang: row['lang'] ?? lang,
        source: 'corpus',
        weight: 1,
      });
    }
  }
  return rows;
}

/** Prompts written to judge by and never trained on: validation/LABEL.LANG.jsonl. */
export function readValidation(): Row[] {
  const folder = join(here, 'validation');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
    .flatMap((file) => {
      const [label = '', lang = ''] = file.split('.');
      return lines(join(folder, file)).map((row) => ({ text: row['text'] ?? '', label, lang, source: 'validation', weight: 1 }));
    });
}

/** Texts that ask for nothing, one a line, for the confidence to be judged by. */
export const readNonsense = (): string[] =>
  readFileSync(join(here, 'validation', 'nonsense.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '');

type Generate = (language: 'en' | 'ko', random: () => number) => string;

/** `count` different prompts per label and language from the grammars that exist. */
export async function readGrammar(count: number, seed: number): Promise<Row[]> {
  const rows: Row[] = [];
  if (count === 0) return rows;
  for (const label of LABELS) {
    const file = join(here, 'grammar', `${label}.ts`);
    if (!existsSync(file)) continue;
    const { generate } = (await import(file)) as { generate: Generate };
    for (const lang of ['en', 'ko'] as const) {
      const random = createRandom(seed + label.length * 31 + label.charCodeAt(0) * 7 + lang.charCodeAt(0));
      const seen = new Set<string>();
      for (let tries = 0; seen.size < count && tries < count * 4; tries++) {
        const text = generate(lang, random);
        if (text.trim() !== '') seen.add(text);
      }
      for (const text of seen) rows.push({ text, label, lang, source: 'grammar', weight: 1 });
    }
  }
  return rows;
}
