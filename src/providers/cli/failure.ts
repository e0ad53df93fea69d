import { type ErrorDetails, GatewayError } from '../../core/errors.ts';
import type { Tool } from './tools.ts';

/** Characters of a program's own words that are passed on. */
const MAX_WORDS = 300;

const QUOTA = /usage limit|quota|rate.?limit|too many requests|\b429\b|exhausted|out of credits|credit balance|overloaded/i;
const LOGIN = /not logged in|log ?in|sign ?in|unauthori[sz]ed|\b401\b|api.?key|auth(entication)? (method|failed|error)|credential|token (has )?expired/i;
const MODEL =
  /model\b.{0,80}(not found|not supported|does not exist|unsupported|unknown|invalid)|(unknown|invalid|unsupported) model|issue with the selected model/i;
const NETWORK = /waiting for network|failed to lookup address|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|connection failed/i;
const CONTEXT = /context (window|length)|prompt is too long|too many tokens|token limit/i;

/** The first line of what a program said that a person can use, without colours. */
function wordsOf(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours are control characters
  const plain = text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replace(/[\u0000-\u0008\u000b-\u001f]/g, '');
  const lines = plain.split('\n').map((line) => line.trim());
  return (lines.find((line) => line !== '' && !/^(at |warning:|\d{4}-\d\d-\d\dT)/i.test(line)) ?? '').slice(0, MAX_WORDS);
}

/** How a call of a program failed, from what it said and how it ended. */
export function toFailure(tool: Tool, provider: string, said: string, code: number | null): GatewayError {
  const words = wordsOf(said);
  const details: ErrorDetails = { target: provider };
  const quoted = words === '' ? '' : ` It says: ${words}`;
  // The quota first: its message may speak of signing in otherwise.
  if (QUOTA.test(said)) {
    return new GatewayError('rate-limited', `The account of '${provider}' has no quota left for now.${quoted}`, {
      ...details,
      code: 'cli_quota',
      retryAfterMs: 60_000,
    });
  }
  if (LOGIN.test(said) || (tool.name === 'gemini' && code === 41)) {
    return new GatewayError('upstream-failed', `'${provider}' is not signed in: ${tool.login} on the gateway's machine.${quoted}`, {
      ...details,
      code: 'cli_login',
    });
  }
  if (NETWORK.test(said)) {
    return new GatewayError('unavailable', `'${provider}' does not reach its service from the gateway's machine.${quoted}`, {
      ...details,
      code: 'cli_network',
    });
  }
  if (CONTEXT.test(said)) return new GatewayError('context-too-long', `The request is too long for '${provider}'.${quoted}`, details);
  if (MODEL.test(said)) return new GatewayError('model-not-found', `'${provider}' does not have this model.${quoted}`, details);
  const how = code === null ? 'was ended by a signal' : code === 0 ? 'ended without an answer' : `ended with code ${code}`;
  return new GatewayError('upstream-failed', `'${provider}' ${how}.${quoted}`, { ...details, code: 'cli_failed' });
}
