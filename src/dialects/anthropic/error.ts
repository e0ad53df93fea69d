import type { ErrorForm } from '../dialect.ts';

function typeOf(status: number): string {
  switch (status) {
    case 401:
      return 'authentication_error';
    case 403:
      return 'permission_error';
    case 404:
      return 'not_found_error';
    case 413:
      return 'request_too_large';
    case 429:
      return 'rate_limit_error';
    case 503:
    case 529:
      return 'overloaded_error';
    default:
      return status < 500 ? 'invalid_request_error' : 'api_error';
  }
}

/** `{type: 'error', error: {type, message}, request_id}`. */
export const anthropicErrorForm: ErrorForm = (error, requestId) => ({
  type: 'error',
  error: { type: typeOf(error.status), message: error.message },
  request_id: `req_${requestId}`,
});
