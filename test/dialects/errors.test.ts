import { describe, expect, it } from 'vitest';
import { type ErrorKind, GatewayError } from '../../src/core/errors.ts';
import { anthropicErrorForm } from '../../src/dialects/anthropic/error.ts';
import { openaiErrorForm } from '../../src/dialects/openai/error.ts';

/** Kind -> type and code for OpenAI's clients, type for Anthropic's. */
const TABLE: readonly (readonly [ErrorKind, string, string | null, string])[] = [
  ['invalid-request', 'invalid_request_error', null, 'invalid_request_error'],
  ['context-too-long', 'invalid_request_error', 'context_length_exceeded', 'invalid_request_error'],
  ['unauthorized', 'authentication_error', 'invalid_api_key', 'authentication_error'],
  ['forbidden', 'permission_error', null, 'permission_error'],
  ['model-not-found', 'not_found_error', 'model_not_found', 'not_found_error'],
  ['too-large', 'invalid_request_error', null, 'request_too_large'],
  ['rate-limited', 'rate_limit_error', 'rate_limit_exceeded', 'rate_limit_error'],
  ['upstream-failed', 'api_error', null, 'api_error'],
  ['unavailable', 'api_error', null, 'overloaded_error'],
];

describe.each(TABLE)('an error of kind %s', (kind, openaiType, code, anthropicType) => {
  const error = new GatewayError(kind, 'what happened');

  it('has all four keys for an OpenAI client', () => {
    expect(openaiErrorForm(error, 'r')).toEqual({ error: { message: 'what happened', type: openaiType, param: null, code } });
  });

  it('has type, message and the id of the request for an Anthropic client', () => {
    expect(anthropicErrorForm(error, 'r')).toEqual({ type: 'error', error: { type: anthropicType, message: 'what happened' }, request_id: 'req_r' });
  });
});
