import type { ChatRequest } from '../core/chat.ts';
import { formatRef, type ModelFacts, type ModelRef } from '../core/model.ts';

const bare = (name: string): string => name.toLowerCase().replace(/:latest$/, '');

/**
 * The request as a model without thinking can take it. Who names a model and asks it to think is told that it cannot, by its
 * provider; a wish for thought is dropped where the gateway chose the model, and for Anthropic's clients, which send it always.
 */
export function fitThinking(request: ChatRequest, target: ModelRef, facts: ModelFacts | undefined): ChatRequest {
  const { reasoning, ...rest } = request;
  if (reasoning === undefined || reasoning === 'none') return request;
  if (facts === undefined || !facts.capabilitiesKnown || facts.capabilities.includes('thinking')) return request;
  const named = [target.model, formatRef(target)].some((name) => bare(name) === bare(request.model));
  return named && request.dialect !== 'anthropic' ? request : rest;
}
