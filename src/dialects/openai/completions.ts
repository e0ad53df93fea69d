import { z } from 'zod';
import type { Message } from '../../core/chat.ts';
import type { Decoded, Dialect } from '../dialect.ts';
import { bounds, defined, field, parseBody, rest, textPart } from '../fields.ts';
import { toStop } from './chat-decode.ts';
import { completionFrames, encodeCompletion } from './completions-encode.ts';
import { checkEngineFields } from './engine-fields.ts';

const shape = {
  model: bounds.model,
  prompt: z.union([z.string(), z.array(z.unknown()).max(2_048)]).nullish(),
  suffix: z.string().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: bounds.tokens,
  temperature: bounds.temperature,
  top_p: bounds.topP,
  top_k: bounds.topK,
  min_p: bounds.topP,
  seed: bounds.seed,
  stop: bounds.stop,
  frequency_penalty: bounds.penalty,
  presence_penalty: bounds.penalty,
  logprobs: z.union([bounds.topLogprobs, z.boolean()]).nullish(),
  echo: z.boolean().nullish(),
  n: bounds.choices,
  best_of: z.number().int().nullish(),
} as const;

const schema = z.looseObject(shape);
const known = new Set(Object.keys(shape));

/** The one text that is to be continued; lists of texts and tokens are refused with the reason. */
function toPrompt(prompt: z.infer<typeof schema>['prompt']): string {
  if (prompt === null || prompt === undefined) return '';
  if (typeof prompt === 'string') return prompt;
  if (prompt.some((item) => typeof item === 'number' || Array.isArray(item))) {
    throw field('prompt', "'prompt' holds token numbers: models here have different tokenizers, so send the text itself.");
  }
  if (prompt.length > 1) throw field('prompt', "'prompt' holds several texts: send one request for each, or a batch.");
  const [text = ''] = prompt;
  if (typeof text !== 'string') throw field('prompt.0', "'prompt.0' must be a text.");
  return text;
}

/** POST /v1/completions -> canonical request. */
export function decodeCompletion(input: unknown): Decoded {
  const body = parseBody(schema, input);
  checkEngineFields(body);
  const prompt = toPrompt(body.prompt);
  const choices = body.n ?? 1;
  if (typeof body.best_of === 'number' && body.best_of !== choices) {
    throw field(
      'best_of',
      "'best_of' must equal 'n': answers are not ranked by their probability here. The models ensemble:best and ensemble:vote choose among answers.",
    );
  }
  const logprobs = typeof body.logprobs === 'boolean' ? (body.logprobs ? 0 : undefined) : (body.logprobs ?? undefined);
  if (body.echo === true && logprobs !== undefined) {
    throw field('logprobs', "'logprobs' cannot be given together with 'echo': the probabilities of the prompt's own tokens are not known here.");
  }
  const messages: Message[] = prompt === '' ? [] : [{ role: 'user', content: [textPart(prompt)] }];
  return {
    request: {
      model: body.model,
      messages,
      completion: { prompt, raw: false, ...(body.suffix && { suffix: body.suffix }), ...(body.echo === true && { echo: true }) },
      sampling: defined({
        temperature: body.temperature,
        topP: body.top_p,
        topK: body.top_k,
        minP: body.min_p,
        seed: body.seed,
        maxOutputTokens: body.max_tokens,
        stop: toStop(body.stop),
        presencePenalty: body.presence_penalty,
        frequencyPenalty: body.frequency_penalty,
      }),
      tools: [],
      toolChoice: 'auto',
      responseFormat: { type: 'text' },
      choices,
      ...(logprobs !== undefined && { logprobs }),
      extra: rest(body, known),
      dialect: 'openai',
    },
    stream: body.stream ?? false,
    includeUsage: body.stream_options?.include_usage === true,
  };
}

/** POST /v1/completions. */
export const openaiCompletions: Dialect = {
  name: 'completions',
  streamType: 'text/event-stream',
  decode: decodeCompletion,
  encode: encodeCompletion,
  frames: completionFrames,
  heartbeat: ': ping\n\n',
};
