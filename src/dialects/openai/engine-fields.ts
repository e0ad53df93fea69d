import { field } from '../fields.ts';

/** Tokens a bias may name: what vLLM takes. OpenAI takes 300. */
const MAX_BIASES = 1_024;
/** Characters of a pattern that an answer must follow. */
const MAX_PATTERN = 8_192;
/** Forms that Python's and Rust's engines know and JavaScript's does not; a pattern with one is left to the upstream to judge. */
const FOREIGN = /\(\?[^:=!<]|\(\?<[^=!]|[*+?}]\+|\\[AZzGQE]|\[\[:|\[\^?\]/;

/** Refuses what engines choke on, some of them for good: these fields are passed on as they are, so nobody else looks at them. */
export function checkEngineFields(body: Readonly<Record<string, unknown>>): void {
  checkBias(body['logit_bias']);
  checkPattern(body['guided_regex'], 'guided_regex');
  const structured = body['structured_outputs'];
  if (typeof structured === 'object' && structured !== null && 'regex' in structured) checkPattern(structured.regex, 'structured_outputs.regex');
}

function checkBias(bias: unknown): void {
  if (bias === undefined || bias === null) return;
  if (typeof bias !== 'object') throw field('logit_bias', "'logit_bias' must map tokens to numbers from -100 to 100.");
  const values: unknown[] = Object.values(bias);
  if (values.length > MAX_BIASES) throw field('logit_bias', `'logit_bias' may name at most ${MAX_BIASES} tokens.`);
  // llama.cpp also takes a list of pairs, and false for never.
  if (Array.isArray(bias)) return;
  const wrong = values.some((value) => value !== false && !(typeof value === 'number' && Math.abs(value) <= 100));
  if (wrong) throw field('logit_bias', "'logit_bias' must map tokens to numbers from -100 to 100.");
}

function checkPattern(pattern: unknown, param: string): void {
  if (pattern === undefined || pattern === null) return;
  if (typeof pattern !== 'string' || pattern.length > MAX_PATTERN) {
    throw field(param, `'${param}' must be a regular expression of at most ${MAX_PATTERN} characters.`);
  }
  if (FOREIGN.test(pattern)) return;
  try {
    new RegExp(pattern, 'u');
  } catch {
    try {
      new RegExp(pattern);
    } catch (cause) {
      throw field(param, `'${param}' is not a regular expression: ${(cause as Error).message.slice(0, 200)}.`);
    }
  }
}
