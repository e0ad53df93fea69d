import { type CombineInput, type Combining, votedAnswer, writeOrElse } from './ensemble-combine.ts';
import { say, textBatch } from './ensemble-stream.ts';
import { plainRequest } from './members-request.ts';
import { write } from './synthesis.ts';

/** Samples taken when the plan names a single cheap model. */
export const CASCADE_SAMPLES = 3;

/**
 * Cheap members have answered. Where they agree, that is the answer; where they do not, or fewer than two of them answered, the strong model
 * (the plan's judge) is asked the plain question. When it fails, the vote of the cheap ones stands.
 */
export async function* cascade(input: CombineInput): Combining {
  const { strategy, request, context, ledger, signal, wording, given } = input;
  const strong = strategy.judge;
  const { found } = input.weigh();
  if (given.length > 1 && found.agreed) {
    const voted = votedAnswer(input);
    yield textBatch(voted.text);
    return voted;
  }
  yield* say(wording.disagree(Math.round(found.score * 100), strong));
  return yield* writeOrElse(write({ context, ledger, target: strong, request: plainRequest(request, strong), signal }), {
    target: strong,
    note: wording.judgeFailed(strong),
    json: request.responseFormat.type === 'json',
    hold: context.buffered === true,
    instead: () => (given.length === 0 ? undefined : votedAnswer(input)),
  });
}
