import type { LlamaGrammar, LlamaModel, SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import type { ChatRequest } from '../../core/chat.ts';
import { GatewayError } from '../../core/errors.ts';
import { toNumber } from '../../core/raw-number.ts';
import type { Engine } from './engine.ts';
import { toEngineSchema } from './schema.ts';

/** Tokens back that penalties look. */
const PENALTY_WINDOW = 64;
/**
 * Where the client says nothing. Models this small lose the thread at the usual 0.7 to 1 (SmolLM2's makers recommend 0.2 and
 * 0.9); a pretrained one also repeats itself without a penalty.
 */
const TEMPERATURE = 0.2;
const TOP_P = 0.9;
const TOP_K = 40;
const PRETRAINED_REPEAT_PENALTY = 1.15;

/** The engine's sampling options for a request. `written` is read at every token. */
export function samplingOptions(request: ChatRequest, instructed: boolean, choice: number, written: readonly Token[]): SequenceEvaluateOptions {
  const { temperature = TEMPERATURE, topP = TOP_P, topK = TOP_K, minP, seed, repeatPenalty, frequencyPenalty, presencePenalty } = request.sampling;
  const repeat = repeatPenalty ?? (instructed || request.completion?.raw ? 1 : PRETRAINED_REPEAT_PENALTY);
  const penalised = repeat !== 1 || (frequencyPenalty ?? 0) !== 0 || (presencePenalty ?? 0) !== 0;
  return {
    temperature,
    topP,
    topK,
    ...(minP !== undefined && { minP }),
    // The same seed would write every alternative alike.
    ...(seed !== undefined && { seed: (Math.trunc(toNumber(seed)) + choice) >>> 0 }),
    ...(penalised && {
      repeatPenalty: {
        punishTokens: () => written.slice(-PENALTY_WINDOW),
        maxPunishTokens: PENALTY_WINDOW,
        penalty: repeat,
        ...(frequencyPenalty !== undefined && { frequencyPenalty }),
        ...(presencePenalty !== undefined && { presencePenalty }),
      },
    }),
  };
}

/** The grammar that holds an answer to JSON, or to a JSON schema. Throws 'invalid-request' for a schema it cannot express. */
export async function grammarFor(engine: Engine, request: ChatRequest): Promise<LlamaGrammar | undefined> {
  const { responseFormat } = request;
  if (responseFormat.type === 'text') return undefined;
  if (responseFormat.schema === undefined) return engine.llama.getGrammarFor('json');
  const schema = toEngineSchema(responseFormat.schema);
  try {
    return await engine.llama.createGrammarForJsonSchema(schema as Parameters<typeof engine.llama.createGrammarForJsonSchema>[0]);
  } catch (cause) {
    throw new GatewayError('invalid-request', 'The embedded engine cannot hold an answer to this JSON schema.', { cause, param: 'response_format' });
  }
}

/** Whether text is a whole JSON object or array. A grammar lets small models add blanks for ever after it. */
export function isWholeJson(text: string): boolean {
  const end = text.trimEnd().at(-1);
  if (end !== '}' && end !== ']') return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Number of tokens the model knows. */
export const vocabularyOf = (model: LlamaModel): number => model.fileInfo.metadata.tokenizer?.ggml?.tokens?.length ?? 0;
