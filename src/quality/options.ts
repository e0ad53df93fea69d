import { sameFinal } from './final-same.ts';
import { bareWording, type FinalAnswer } from './final-value.ts';

/** One choice that a question offers. */
export interface Choice {
  /** 'B', '3' or '나'. */
  readonly letter: string;
  readonly text: string;
}

const LINE = /(?:^|\n)[ \t]{0,8}[([]?([A-Pa-j]|[1-9가나다라마])[).\]:][ \t]*(\S[^\n]{0,300})/g;
const INLINE = /[([]([A-Ja-j1-9])[)\]]\s*([^([\n]{1,200}?)(?=\s*[,;]?\s*[([][A-Ja-j1-9][)\]]|\s*(?:\n|$))/g;

/** The choices a question offers, in order; none when it offers fewer than two, or they do not count up from the first. */
export function choicesIn(question: string): readonly Choice[] {
  const text = question.slice(-6_000).replace(/[①-⑨]/g, (circled) => `(${circled.charCodeAt(0) - 0x245f}) `);
  for (const pattern of [LINE, INLINE]) {
    const all = [...text.matchAll(pattern)].map((match) => ({ letter: (match[1] as string).toUpperCase(), text: (match[2] as string).trim() }));
    const start = all.findLastIndex(({ letter }) => letter === 'A' || letter === '1' || letter === '가');
    if (start === -1) continue;
    const run: Choice[] = [];
    for (const choice of all.slice(start)) {
      const before = run.at(-1);
      if (before !== undefined && !follows(before.letter, choice.letter)) break;
      run.push(choice);
    }
    if (run.length >= 2) return run;
  }
  return [];
}

const KOREAN = '가나다라마';

const follows = (before: string, after: string): boolean =>
  KOREAN.includes(before) ? KOREAN.indexOf(after) === KOREAN.indexOf(before) + 1 : after.charCodeAt(0) === before.charCodeAt(0) + 1;

/**
 * The letter that an answer chose where it gives the wording instead ('Canberra' for 'B'), for questions that offer `choices`; otherwise the answer as it
 * was read. `answer` is the whole text.
 */
export function asChoice(final: FinalAnswer | undefined, choices: readonly Choice[], answer: string): FinalAnswer | undefined {
  if (choices.length === 0 || final?.kind === 'option') return final;
  const options = choices.map(({ letter, text }): FinalAnswer => ({ kind: 'option', value: letter, wording: bareWording(text), explicit: true }));
  const whole = answer.length <= 300 ? bareWording(answer) : '';
  const written = whole === '' ? [] : options.filter(({ wording }) => wording === whole);
  if (written.length === 1) return written[0];
  if (final === undefined) return undefined;
  const labelled = final.kind === 'number' ? options.find(({ value }) => value === final.value) : undefined;
  if (labelled !== undefined) return labelled;
  const exact = final.kind === 'text' ? options.filter(({ wording }) => wording === final.value) : [];
  const meant = exact.length > 0 ? exact : options.filter((option) => sameFinal(option, final));
  return meant.length === 1 ? { ...(meant[0] as FinalAnswer), explicit: final.explicit } : final;
}
