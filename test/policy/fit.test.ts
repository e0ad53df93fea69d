import { describe, expect, it } from 'vitest';
import type { ChatRequest } from '../../src/core/chat.ts';
import type { ModelFacts } from '../../src/core/model.ts';
import { fitRequest } from '../../src/policy/fit.ts';

const target = { provider: 'p', model: 'llama3.1:latest' };
const facts: ModelFacts = { name: 'llama3.1:latest', capabilities: ['completion'], capabilitiesKnown: true, contextWindow: 8_192, windowKnown: true };
const request: ChatRequest = {
  model: 'auto',
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
  sampling: {},
  tools: [],
  toolChoice: 'auto',
  responseFormat: { type: 'text' },
  choices: 1,
  reasoning: 'high',
  extra: {},
  dialect: 'openai',
};

describe('a wish for thought', () => {
  it('is dropped where the gateway chose a model that cannot', () => {
    expect(fitRequest(request, target, facts)).not.toHaveProperty('reasoning');
  });

  it.each(['llama3.1', 'LLAMA3.1:latest', 'p/llama3.1'])('stays where the client named the model (%s), so that its provider says no', (model) => {
    expect(fitRequest({ ...request, model }, target, facts).reasoning).toBe('high');
  });

  it("is dropped for Anthropic's clients although they named the model", () => {
    expect(fitRequest({ ...request, model: 'llama3.1', dialect: 'anthropic' }, target, facts)).not.toHaveProperty('reasoning');
  });

  it('stays for models that can think and for those nobody knows', () => {
    expect(fitRequest(request, target, { ...facts, capabilities: ['completion', 'thinking'] })).toBe(request);
    expect(fitRequest(request, target, { ...facts, capabilitiesKnown: false })).toBe(request);
    expect(fitRequest(request, target, undefined)).toBe(request);
  });
});

describe("an answer's limit", () => {
  const limited = (maxOutputTokens: number, dialect: string): number | undefined =>
    fitRequest({ ...request, dialect, sampling: { maxOutputTokens } }, target, facts).sampling.maxOutputTokens;

  it('is brought below the window where it is only a ceiling', () => {
    expect(limited(64_000, 'ollama')).toBeLessThan(8_192);
    expect(limited(64_000, 'anthropic')).toBeLessThan(8_192);
    expect(limited(64_000, 'anthropic')).toBeGreaterThan(7_000);
  });

  it('is left alone where it fits, and in other dialects', () => {
    expect(limited(500, 'anthropic')).toBe(500);
    expect(limited(64_000, 'openai')).toBe(64_000);
  });
});
