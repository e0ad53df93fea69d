import type { GatewayError } from '../../core/errors.ts';
import type { ErrorForm } from '../dialect.ts';

/** `{"error": string}`: an object there prints as [object Object] in Ollama's own clients. */
export const ollamaError = (error: GatewayError): { error: string } => ({ error: error.message });

export const ollamaErrorForm: ErrorForm = (error) => ollamaError(error);
