import { describe, expect, test } from 'vitest';
import type { ChatRequest } from '../../src/core/chat.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { maskEmbedRequest, maskRequest } from '../../src/privacy/request.ts';
import { createMasker } from '../../src/privacy/session.ts';

const MAIL = 'alice@example.com';
const SCHEMA = { type: 'object', properties: { mail: { type: 'string', description: MAIL, default: MAIL } } };

const REQUEST: ChatRequest = {
  model: 'auto',
  dialect: 'openai',
  choices: 1,
  messages: [
    { role: 'system', content: [{ type: 'text', text: `system ${MAIL}` }] },
    {
      role: 'user',
      name: MAIL,
      content: [
        { type: 'text', text: `user ${MAIL}` },
        { type: 'image', mediaType: 'image/png', data: 'iVBORw0KGgoAAAA4111111111111111' },
      ],
    },
    {
      role: 'assistant',
      reasoning: `thought ${MAIL}`,
      content: [{ type: 'text', text: `said ${MAIL}` }],
      toolCalls: [{ id: 'call_4111111111111111', name: 'send', arguments: `{"to":"${MAIL}"}` }],
    },
    { role: 'tool', toolCallId: 'call_4111111111111111', name: 'send', content: [{ type: 'text', text: `result ${MAIL}` }] },
  ],
  completion: { prompt: `prompt ${MAIL}`, suffix: MAIL, raw: false, context: [1, 2, 3] },
  sampling: { temperature: 0, stop: [MAIL] },
  tools: [{ name: 'send', description: `ask ${MAIL}`, schema: SCHEMA }],
  toolChoice: 'auto',
  responseFormat: { type: 'json', schema: SCHEMA, name: 'answer' },
  extra: { user: MAIL, metadata: { [MAIL]: [MAIL, 1, null, true] }, response_format: { json_schema: SCHEMA }, seed: 7 },
};

const masker = createMasker({ secretKey: 'a key for tests only' });

describe('maskRequest', () => {
  const session = masker.session('t');
  const masked = maskRequest(session, REQUEST);

  test('masks every place that text travels', () => {
    const { responseFormat: _, tools, extra, ...rest } = masked;
    expect(JSON.stringify(rest)).not.toContain(MAIL);
    expect(tools[0]?.description).not.toContain(MAIL);
    expect(JSON.stringify([extra['user'], extra['metadata']])).not.toContain(MAIL);
  });

  test('gives the same placeholder in all of them', () => {
    const placeholders = new Set(JSON.stringify(masked).match(/\[EMAIL_\w+\]/g));
    expect(placeholders.size).toBe(1);
  });

  test('leaves model, ids, names of tools, schemas, images and tokens alone', () => {
    expect(masked.model).toBe('auto');
    expect(masked.responseFormat).toBe(REQUEST.responseFormat);
    expect(masked.tools[0]?.schema).toBe(SCHEMA);
    expect(masked.extra['response_format']).toBe(REQUEST.extra['response_format']);
    expect(masked.messages[1]?.content[1]).toEqual(REQUEST.messages[1]?.content[1]);
    expect(masked.messages[2]).toMatchObject({ toolCalls: [{ id: 'call_4111111111111111', name: 'send' }] });
    expect(masked.messages[3]).toMatchObject({ toolCallId: 'call_4111111111111111', name: 'send' });
    expect(masked.completion?.context).toEqual([1, 2, 3]);
  });

  test('gives a participant a name of letters that upstreams accept', () => {
    expect(masked.messages[1]?.role === 'user' ? masked.messages[1].name : '').toMatch(/^EMAIL_\w+$/);
  });

  test('does not change the request it was given', () => {
    expect(JSON.stringify(REQUEST)).toContain(`user ${MAIL}`);
  });

  test('refuses what is nested too deep to be looked through', () => {
    let deep: unknown = MAIL;
    for (let level = 0; level < 100; level += 1) deep = [deep];
    expect(() => maskRequest(masker.session('t'), { ...REQUEST, extra: { deep } })).toThrow(GatewayError);
  });

  test('refuses a request larger than a session may be', () => {
    const small = createMasker({ secretKey: 'k', maxLength: 100 }).session('t');
    expect(() => maskRequest(small, REQUEST)).toThrow(/masking failed/);
  });
});

describe('maskEmbedRequest', () => {
  test('masks the inputs', () => {
    const masked = maskEmbedRequest(masker.session('t'), { model: 'm', input: [MAIL, 'plain'], extra: {}, dialect: 'openai' });
    expect(masked.input).toEqual([expect.stringMatching(/^\[EMAIL_/), 'plain']);
  });
});
