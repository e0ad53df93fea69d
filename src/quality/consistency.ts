import { markedAnswers } from './final-answer.ts';
import { sameFinal } from './final-same.ts';
import { bareWording, type FinalAnswer, lastNumber, readAnswer, readChoice } from './final-value.ts';
import { choicesIn } from './options.ts';
import { featuresOf, likeness } from './similarity.ts';
import { sentencesOf } from './text.ts';

const MAX_SENTENCES = 40;
const ALIKE = 0.75;

/** Pairs of sentences in one text that say the opposite of each other in nearly the same words. */
function opposites(text: string): number {
  const features = sentencesOf(text, MAX_SENTENCES)
    .filter((sentence) => !sentence.endsWith('?'))
    .map(featuresOf)
    .filter(({ words }) => words.length >= 3);
  let found = 0;
  features.forEach((a, at) => {
    for (const b of features.slice(at + 1)) {
      const differs = a.negated !== b.negated || [...a.poles].some((pole) => b.poles.has(pole.slice(0, -1) + (pole.endsWith('+') ? '-' : '+')));
      if (differs && [...a.numbers].join() === [...b.numbers].join() && likeness(a, b) >= ALIKE) found++;
    }
  });
  return found;
}

/** Whether a text names one final answer and then another, or begins with yes and ends with no. */
function changesItsAnswer(text: string, final: FinalAnswer | undefined): boolean {
  const named = markedAnswers(text).filter(({ kind }) => kind !== 'text' && kind !== 'list');
  const last = named.at(-1);
  if (last !== undefined && named.some((earlier) => earlier.kind === last.kind && !sameFinal(earlier, last))) return true;
  if (final?.kind !== 'boolean') return false;
  const head = readChoice(text.slice(0, 200), false);
  return head?.kind === 'boolean' && head.value !== final.value;
}

/** How often a text, whose final answer is `final`, contradicts itself: opposite sentences, and answers that it changes on the way. */
export function contradictions(text: string, final: FinalAnswer | undefined): { readonly opposites: number; readonly changesItsAnswer: boolean } {
  return { opposites: opposites(text), changesItsAnswer: changesItsAnswer(text, final) };
}

/** Where the statement of the final answer begins; the end of the text when it marks none. */
function bodyOf(text: string): string {
  const at = Math.max(
    text.search(/[^\n.]*\b(?:the|final|correct)\s+(?:final\s+|correct\s+)?(?:answer|option|choice)\b[^\n]*$/i),
    text.lastIndexOf('\\boxed'),
    text.lastIndexOf('정답'),
  );
  return at > 0 ? text.slice(0, at) : text;
}

/**
 * Whether the choice that an answer names is the one its reasoning came to: 1 it is, -1 it is another one or has another wording than in the
 * question, 0 when that cannot be told. `offers` is false where the question offers no choices.
 */
export function choiceHolds(
  question: string,
  text: string,
  final: FinalAnswer | undefined,
): { readonly offers: boolean; readonly chosen: boolean; readonly holds: -1 | 0 | 1 } {
  const choices = choicesIn(question);
  if (choices.length === 0) return { offers: false, chosen: false, holds: 0 };
  const letter =
    final?.kind === 'option'
      ? final.value
      : choices.find((choice) => final !== undefined && final.kind !== 'expression' && bareWording(choice.text) === final.value)?.letter;
  const own = choices.find((choice) => choice.letter === letter || choice.letter === final?.value);
  if (own === undefined) return { offers: true, chosen: false, holds: 0 };
  const read = (wording: string): FinalAnswer | undefined => readAnswer(wording, true);
  const equal = (a: FinalAnswer | undefined, b: FinalAnswer | undefined): boolean => a !== undefined && b !== undefined && sameFinal(a, b);
  if (final?.wording !== undefined) {
    const said = read(final.wording);
    const other = choices.find((choice) => choice !== own && equal(read(choice.text), said));
    if (other !== undefined && !equal(read(own.text), said)) return { offers: true, chosen: true, holds: -1 };
  }
  const came = lastNumber(bodyOf(text).replace(/^[ \t]*[([]?[A-P][).\]:].*$/gm, ''));
  const meant = came === undefined ? undefined : choices.filter((choice) => equal(read(choice.text), came));
  if (meant?.length !== 1) return { offers: true, chosen: true, holds: 0 };
  return { offers: true, chosen: true, holds: meant[0] === own ? 1 : -1 };
}
