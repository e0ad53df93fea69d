import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { createUpstream, ollamaHandler, openaiHandler, sendJson, type Upstream } from '../support/upstream.ts';

let ollama: Upstream;
let whisper: Upstream;
let gateway: TestGateway;

beforeAll(async () => {
  ollama = await createUpstream(
    ollamaHandler(
      [
        { name: 'hears:4b', capabilities: ['completion', 'audio'] },
        { name: 'deaf:1b', capabilities: ['completion'] },
      ],
      (_seen, response) => sendJson(response, { text: '안녕하세요' }),
    ),
  );
  whisper = await createUpstream(
    openaiHandler(['whisper-1'], (_seen, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('Hello.');
    }),
  );
  gateway = await startGateway({
    gateway: {
      providers: [
        { name: 'ollama', type: 'ollama', url: ollama.url },
        { name: 'whisper', type: 'openai', url: `${whisper.url}/v1` },
      ],
    },
  });
});
afterAll(async () => {
  await gateway.close();
  await Promise.all([ollama.close(), whisper.close()]);
});

const send = (fields: Readonly<Record<string, string | Blob>>): Promise<Response> => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') form.set(name, value);
    else form.set(name, value, 'voice.wav');
  }
  return fetch(`${gateway.url}/v1/audio/transcriptions`, { method: 'POST', body: form });
};
const voice = new Blob(['RIFF....WAVE'], { type: 'audio/wav' });

describe('a recording', () => {
  it.each(['hears:4b', 'ollama/hears:4b', 'auto'])('goes to %s with all its fields, and the words come back', async (model) => {
    const response = await send({ model, language: 'ko', file: voice });
    expect(await response.json()).toEqual({ text: '안녕하세요' });
    expect(response.headers.get('x-orchestrator-model')).toBe('hears:4b');
    const { path, text } = ollama.seen.findLast(({ method, path: called }) => method === 'POST' && called.includes('audio')) as { path: string; text: string };
    expect(path).toBe('/v1/audio/transcriptions');
    expect(text).toMatch(/name="model"\r\n\r\nhears:4b\r\n/);
    expect(text).toMatch(/name="language"\r\n\r\nko\r\n/);
    expect(text).toContain('filename="voice.wav"');
    expect(text).toContain('RIFF....WAVE');
  });

  it('goes to a server of another kind under its own path, and keeps the type of the answer', async () => {
    const response = await send({ model: 'whisper-1', response_format: 'text', file: voice });
    expect([response.headers.get('content-type'), await response.text()]).toEqual(['text/plain', 'Hello.']);
    expect(whisper.seen.at(-1)?.path).toBe('/v1/audio/transcriptions');
  });

  it.each([
    [{ file: voice }, 'model is required'],
    [{ model: 'hears:4b' }, 'file is required'],
    [{ model: 'hears:4b', file: new Blob([]) }, 'audio file is empty'],
    [{ model: 'deaf:1b', file: voice }, '"deaf:1b" does not support audio'],
  ] as const)('is refused with the reason', async (fields, message) => {
    const response = await send(fields as Record<string, string | Blob>);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining(message) as string, type: 'invalid_request_error' } });
  });

  it('is refused in words when it is no form, or for a model that is not there', async () => {
    const json = await gateway.post('/v1/audio/transcriptions', { model: 'hears:4b' });
    expect([json.status, await json.json()]).toMatchObject([400, { error: { message: expect.stringContaining('multipart/form-data') as string } }]);
    expect((await send({ model: 'nobody', file: voice })).status).toBe(404);
  });
});
