import { GatewayError } from '../../core/errors.ts';
import type { ErrorForm } from '../dialect.ts';

/** `{"error": string}`: an object there prints as [object Object] in Ollama's own clients. */
export const ollamaError = (error: GatewayError): { error: string } => ({ error: error.message });

export const ollamaErrorForm: ErrorForm = (error) => ollamaError(error);

/** Ollama's words for an unknown embedding model: its clients offer to pull it then. */
export const pullFirst =
  (model: string) =>
  (thrown: unknown): never => {
    const error = GatewayError.from(thrown);
    if (error.kind !== 'model-not-found') throw error;
    throw new GatewayError('model-not-found', `model "${model}" not found, try pulling it first`, { ...error.details, cause: error });
  };
