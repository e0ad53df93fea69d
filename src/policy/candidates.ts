import { GatewayError } from '../core/errors.ts';
import { formatRef, type ModelProfile, type ModelRef } from '../core/model.ts';
import type { Needs } from '../core/plan.ts';

/** Token estimates may be off by this factor; only what is surely too long is kept from a model. */
const ESTIMATE_SLACK = 0.7;

/** The first thing a model cannot do that the request needs; undefined when it can do all. */
export function missing(profile: ModelProfile, needs: Needs): string | undefined {
  const { capabilities } = profile.facts;
  if (!capabilities.includes('completion')) return 'chat';
  if (needs.vision && !capabilities.includes('vision')) return 'vision';
  if (needs.tools && !capabilities.includes('tools')) return 'tools';
  if (needs.insert && profile.facts.capabilitiesKnown && !capabilities.includes('insert')) return 'insert';
  return undefined;
}

/** Whether a prompt surely exceeds the model's window. */
export const tooLong = (profile: ModelProfile, needs: Needs): boolean =>
  profile.facts.windowKnown && needs.contextTokens * ESTIMATE_SLACK > profile.facts.contextWindow;

/** The models that could serve a request. Throws the error a person can act on when there are none. */
export function filterCandidates(input: {
  readonly profiles: readonly ModelProfile[];
  readonly needs: Needs;
  readonly allowed: (ref: ModelRef) => boolean;
  readonly now: number;
}): ModelProfile[] {
  const { profiles, needs, now } = input;
  if (profiles.length === 0) {
    throw new GatewayError(
      'unavailable',
      'No model is available. Start Ollama and pull a model, or add a provider to config/gateway.yaml; /readyz says what is missing.',
      {
        code: 'no_models',
        retryAfterMs: 5_000,
      },
    );
  }
  const allowed = profiles.filter((profile) => profile.preferences.enabled && input.allowed(profile.ref));
  if (allowed.length === 0) throw new GatewayError('forbidden', 'This key may use none of the models here.', { code: 'model_not_allowed' });
  const able = allowed.filter((profile) => missing(profile, needs) === undefined);
  if (able.length === 0) throw incapable(needs);
  const fitting = able.filter((profile) => !tooLong(profile, needs));
  if (fitting.length === 0) {
    const window = Math.max(...able.map((profile) => profile.facts.contextWindow));
    throw new GatewayError(
      'context-too-long',
      `The request needs about ${needs.contextTokens} tokens; the largest context window here has ${window}. Shorten the conversation or ask for fewer output tokens.`,
      { code: 'context_length_exceeded', param: 'messages' },
    );
  }
  const healthy = fitting.filter((profile) => profile.coolingUntil <= now);
  const awake = healthy.length > 0 ? healthy : fitting;
  const thinking = needs.thinking ? awake.filter((profile) => profile.facts.capabilities.includes('thinking')) : [];
  return thinking.length > 0 ? thinking : awake;
}

function incapable(needs: Needs): GatewayError {
  if (needs.vision) {
    return new GatewayError(
      'invalid-request',
      'The request holds images, and no model here supports vision. Pull one (for example llava or gemma3) or leave the images out.',
      {
        code: 'no_vision_model',
        param: 'messages',
      },
    );
  }
  if (needs.tools) {
    return new GatewayError('invalid-request', 'The request has tools, and no model here supports tools.', { code: 'no_tools_model', param: 'tools' });
  }
  if (needs.insert) {
    return new GatewayError('invalid-request', 'The request has a suffix, and no model here supports insert.', { code: 'no_insert_model', param: 'suffix' });
  }
  return new GatewayError('invalid-request', 'No model here can chat; there are only embedding models.', { code: 'no_chat_model' });
}

/** Refuses a request for a model that a client named but that cannot do what it asks; Ollama's clients look for these words. */
export function checkNamed(written: string, profile: ModelProfile, needs: Needs): void {
  if (profile.facts.capabilitiesKnown) {
    const lacks = missing(profile, needs) ?? (needs.thinking && !profile.facts.capabilities.includes('thinking') ? 'thinking' : undefined);
    const quoted = lacks === 'chat' || lacks === 'thinking';
    const what = lacks === 'chat' && needs.completion ? 'generate' : lacks;
    const message = `${quoted ? `"${written}"` : formatRef(profile.ref)} does not support ${what}`;
    if (lacks !== undefined) throw new GatewayError('invalid-request', message, { code: 'capability_missing', param: 'model' });
  }
  if (tooLong(profile, needs)) {
    throw new GatewayError(
      'context-too-long',
      `The request needs about ${needs.contextTokens} tokens, and the context window of '${written}' has ${profile.facts.contextWindow}.`,
      { code: 'context_length_exceeded', param: 'messages' },
    );
  }
}
