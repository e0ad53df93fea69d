import { afterEach, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, type Handler, openaiHandler, sseChunk, type Upstream } from '../support/upstream.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const item of open.splice(0)) await item.close();
});

const MAIL = 'kim.minsu@example.com';
const PHONE = '010-1234-5678';

/** Answers with the user's own words, a character at a time. */
const echo: Handler = (seen, response) => {
  const { content } = (seen.body['messages'] as { content: string }[])[0] as { content: string };
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const character of content) response.write(sseChunk({ content: character }));
  response.end(`${sseChunk({}, 'stop')}data: [DONE]\n\n`);
};

async function start(mode: string, remote: boolean): Promise<{ gateway: TestGateway; upstream: Upstream }> {
  const upstream = await createUpstream(openaiHandler(['m'], echo));
  const gateway = await startGateway({ gateway: { privacy: { mode }, providers: [{ name: 'up', type: 'openai', url: `${upstream.url}/v1`, remote }] } });
  open.push(gateway, upstream);
  return { gateway, upstream };
}

const content = `Write to ${MAIL}으로, or call ${PHONE}로.`;
const ask = { model: 'm', messages: [{ role: 'user', content }] };

it.each([true, false])('masks what a remote provider gets and restores what the client gets (stream %s)', async (stream) => {
  const { gateway, upstream } = await start('remote', true);
  const answer = await (await gateway.post('/v1/chat/completions', { ...ask, stream })).text();
  expect(upstream.calls()[0]?.text).not.toContain(MAIL);
  expect(upstream.calls()[0]?.text).not.toContain(PHONE);
  const text = stream
    ? [...answer.matchAll(/"content":"((?:[^"\\]|\\.)*)"/g)].map((match) => JSON.parse(`"${match[1]}"`) as string).join('')
    : ((JSON.parse(answer) as { choices: { message: { content: string } }[] }).choices[0]?.message.content ?? '');
  expect(text).toBe(content);
});

it.each([
  ['remote', false, true],
  ['all', false, false],
  ['off', true, true],
])('mode %s, provider remote %s: the value passes %s', async (mode, remote, passes) => {
  const { gateway, upstream } = await start(mode, remote);
  await gateway.post('/v1/chat/completions', ask);
  expect(upstream.calls()[0]?.text.includes(MAIL)).toBe(passes);
});

it('only counts in the log when asked only to log, and never writes the value', async () => {
  const { gateway, upstream } = await start('log', true);
  await gateway.post('/v1/chat/completions', ask);
  expect(upstream.calls()[0]?.text).toContain(MAIL);
  const logs = gateway.logs().join('');
  expect(logs).toContain('personal data in a request');
  expect(logs).not.toContain(MAIL);
});
