import type { ChatRequest } from '../core/chat.ts';
import { formatRef, type ModelFacts, type ModelRef } from '../core/model.ts';
import { isCeiling, needsOf } from './needs.ts';

const bare = (name: string): string => name.toLowerCase().replace(/:latest$/, '');

/** Factor and tokens by which an estimated prompt may be too small. */
const PROMPT_SLACK = 1.4;
const PROMPT_MARGIN = 64;
/** An answer is never held below this, whatever the estimate says. */
const LEAST_OUTPUT = 256;

/** The request as one model can take it; a request that fits already is given back as it is. */
export const fitRequest = (request: ChatRequest, target: ModelRef, facts: ModelFacts | undefined): ChatRequest =>
  facts === undefined ? request : fitOutput(fitThinking(request, target, facts), facts);

/**
 * Who names a model and asks it to think is told by its provider that it cannot; a wish for thought is dropped where the
 * gateway chose the model, and for Anthropic's clients, which send it always.
 */
function fitThinking(request: ChatRequest, target: ModelRef, facts: ModelFacts): ChatRequest {
  const { reasoning, ...rest } = request;
  if (reasoning === undefined || reasoning === 'none') return request;
  if (!facts.capabilitiesKnown || facts.capabilities.includes('thinking')) return request;
  const named = [target.model, formatRef(target)].some((name) => bare(name) === bare(request.model));
  return named && request.dialect !== 'anthropic' ? request : rest;
}

/** A limit that is only a ceiling is brought down to what there is room for: servers take it for a need. */
function fitOutput(request: ChatRequest, facts: ModelFacts): ChatRequest {
  const { maxOutputTokens: asked } = request.sampling;
  if (!isCeiling(request) || asked === undefined || !facts.windowKnown || asked * 2 < facts.contextWindow) return request;
  const { maxOutputTokens: _ceiling, ...sampling } = request.sampling;
  const prompt = needsOf({ ...request, sampling }).contextTokens;
  const room = Math.max(LEAST_OUTPUT, Math.floor(facts.contextWindow - prompt * PROMPT_SLACK - PROMPT_MARGIN));
  return asked <= room ? request : { ...request, sampling: { ...sampling, maxOutputTokens: room } };
}
