import type { GatewayError } from '../../core/errors.ts';
import type { ErrorForm } from '../dialect.ts';

/** Error types by status, as OpenAI's own service names them. */
function typeOf(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 404) return 'not_found_error';
  if (status === 429) return 'rate_limit_error';
  return status < 500 ? 'invalid_request_error' : 'api_error';
}

function codeOf(error: GatewayError): string | null {
  if (error.details.code !== undefined) return error.details.code;
  switch (error.kind) {
    case 'model-not-found':
      return 'model_not_found';
    case 'context-too-long':
      return 'context_length_exceeded';
    case 'unauthorized':
      return 'invalid_api_key';
    case 'rate-limited':
      return 'rate_limit_exceeded';
    default:
      return null;
  }
}

/** `{"error": {message, type, param, code}}`: all four keys are always there, SDKs read them. */
export const openaiError = (error: GatewayError): { error: object } => ({
  error: { message: error.message, type: typeOf(error.status), param: error.details.param ?? null, code: codeOf(error) },
});

export const openaiErrorForm: ErrorForm = (error) => openaiError(error);
