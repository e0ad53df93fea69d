import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './data.ts';

const LABEL_OF: Readonly<Record<string, string>> = { c: 'code', a: 'analysis', t: 'translation', q: 'quick', m: 'math', r: 'creative' };
const ASK = /^([caqtmr])> (.*)$/;
/** Where the text stands: before and behind what is asked in turn, so that neither place tells the label. */
const joined = (ask: string, text: string, before: boolean): string => (before ? `${ask}\n\n${text}` : `${text}\n\n${ask}`);

/**
 * Prompts of situations/LANG*.txt, to judge by: `@` opens a text that somebody pastes or tells, `c> ` and so on say what different people want of it;
 * what follows `@@` is asked without a text.
 */
export function readSituations(): Row[] {
  const folder = join(import.meta.dirname, 'situations');
  const rows: Row[] = [];
  for (const file of readdirSync(folder).sort()) {
    const lang = file.slice(0, 2);
    let text: string[] | undefined;
    let inText = false;
    for (const [index, line] of readFileSync(join(folder, file), 'utf8').split('\n').entries()) {
      const ask = ASK.exec(line);
      if (line === '@' || line === '@@') {
        text = line === '@' ? [] : undefined;
        inText = line === '@';
      } else if (ask !== null) {
        inText = false;
        const wanted = ask[2] ?? '';
        const whole = text === undefined ? wanted : joined(wanted, text.join('\n'), index % 2 === 0);
        rows.push({ text: whole, label: LABEL_OF[ask[1] ?? ''] ?? '', lang, source: 'situations', weight: 1 });
      } else if (inText) text?.push(line);
      else if (line !== '') throw new Error(`situations/${file}:${index + 1}: neither a text nor something asked: ${line.slice(0, 60)}`);
    }
  }
  return rows;
}
