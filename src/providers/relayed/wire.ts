import type { ChatEvent } from '../../core/chat.ts';
import { type ErrorDetails, type ErrorKind, GatewayError } from '../../core/errors.ts';

/** A failure as it travels between two processes of the gateway. */
export interface Failure {
  readonly kind: ErrorKind;
  readonly message: string;
  readonly details: Omit<ErrorDetails, 'cause'>;
}

/** A line of an answer: events that came together, or the end that it came to. */
export type Line = readonly ChatEvent[] | { readonly failure: Failure };

/** What a call has of a provider's own; the rest the HTTP request says. */
export type Operation = 'chat' | 'models' | 'loaded' | 'health' | 'load';

export const toFailure = (thrown: unknown): Failure => {
  const { kind, message, details } = GatewayError.from(thrown);
  const { cause: _cause, ...rest } = details;
  return { kind, message, details: rest };
};

export const fromFailure = ({ kind, message, details }: Failure): GatewayError => new GatewayError(kind, message, details);
