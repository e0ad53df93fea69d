import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './data.ts';
import { createRandom, shuffled } from './random.ts';

const SLOT = /\[\[((?:(?!\]\])[\s\S])*~(?:(?!\]\])[\s\S])*)\]\]/g;
const LEAST = 12;

/** Prompts of one line: every alternative of every slot stands in at least one of them. */
function expand(line: string, random: () => number): string[] {
  const slots = [...line.matchAll(SLOT)].map((match) => (match[1] ?? '').split('~'));
  const all = slots.reduce((product, options) => product * options.length, 1);
  const count = Math.min(all, Math.max(LEAST, ...slots.map((options) => options.length)));
  const drawn = slots.map((options) => {
    const order: string[] = [];
    while (order.length < count) order.push(...shuffled(options, random));
    return order;
  });
  const texts = Array.from({ length: count }, (_, n) => {
    let slot = 0;
    return line
      .replace(SLOT, () => drawn[slot++]?.[n] ?? '')
      .replaceAll('\\n', '\n')
      .trim();
  });
  return [...new Set(texts)];
}

/** Prompts of variants/LABEL.LANG.txt: one prompt a line, with `[[this~or that]]` where wordings and topics take turns, and `\n` for a new line. */
export function readVariants(seed: number): Row[] {
  const folder = join(import.meta.dirname, 'variants');
  const rows: Row[] = [];
  for (const file of readdirSync(folder).sort()) {
    const [label = '', lang = ''] = file.split('.');
    const random = createRandom(seed + rows.length);
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
      if (line.trim() === '') continue;
      for (const text of expand(line, random)) rows.push({ text, label, lang, source: 'corpus', weight: 0.6 });
    }
  }
  return rows;
}
