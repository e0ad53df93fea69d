import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CLIENT_FACES, type ClientFace, type Told } from '../support/client-faces.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { playNative, playOpenAi, type Script, USAGE } from '../support/script.ts';
import { createUpstream, type Handler, ollamaHandler, openaiHandler, sendJson, type Upstream } from '../support/upstream.ts';

const KINDS = [
  { kind: 'ollama', play: playNative, list: (chat: Handler) => ollamaHandler([{ name: 'm', capabilities: ['completion', 'tools', 'thinking'] }], chat) },
  { kind: 'openai', play: playOpenAi, list: (chat: Handler) => openaiHandler(['m'], chat) },
] as const;

const TEXT = 'Grüße, 세계 👩‍👩‍👧 \u2028 "quoted" \\ \n end';
const pieces = [...TEXT].map((text) => ({ text }));

describe.each(KINDS)('in front of an upstream of kind $kind', ({ kind, play, list }) => {
  let upstream: Upstream;
  let gateway: TestGateway;
  const begin = async (): Promise<TestGateway> =>
    startGateway({
      gateway: { providers: [{ name: 'up', type: kind, url: kind === 'openai' ? `${upstream.url}/v1` : upstream.url }] },
      performance: { caching: { enabled: false } },
    });
  beforeAll(async () => {
    upstream = await createUpstream(list((_seen, response) => sendJson(response, {}, 500)));
    gateway = await begin();
  });
  afterAll(async () => {
    await gateway.close();
    await upstream.close();
  });

  const ask = async (face: ClientFace, stream: boolean, script: Script, tools = false): Promise<Told> => {
    upstream.handle(list(play(script)));
    const response = await gateway.post(face.path, face.body({ model: 'm', stream, tools }));
    expect(response.status).toBe(200);
    if (!stream) return face.whole(await response.json());
    expect(response.headers.get('content-type')).toBe(face.contentType);
    return face.streamed(await response.text());
  };

  describe.each(CLIENT_FACES.flatMap((face) => [true, false].map((stream) => ({ name: `${face.name}${stream ? ', streamed' : ''}`, face, stream }))))(
    '$name',
    ({ face, stream }) => {
      it('carries text, character by character', async () => {
        expect(await ask(face, stream, { pieces })).toMatchObject({ text: TEXT, reasoning: '', calls: [], error: undefined });
      });

      it('puts characters together again that arrive byte by byte', async () => {
        expect(await ask(face, stream, { pieces: [{ text: '세계 👩‍👩‍👧' }, { text: 'é' }], bytewise: true })).toMatchObject({ text: '세계 👩‍👩‍👧é' });
      });

      it('reports usage as the upstream counted it', async () => {
        expect(await ask(face, stream, { pieces })).toMatchObject({ input: USAGE.input, output: USAGE.output });
      });

      it('tells an ordinary end from a token limit', async () => {
        const [stop, length] = [await ask(face, stream, { pieces }), await ask(face, stream, { pieces, end: 'length' })];
        expect(['stop', 'completed', 'end_turn']).toContain(stop.end);
        expect(['length', 'max_output_tokens', 'max_tokens']).toContain(length.end);
      });

      it('carries an empty answer', async () => {
        expect(await ask(face, stream, { pieces: [] })).toMatchObject({ text: '', calls: [], error: undefined, end: expect.any(String) as string });
      });

      it('keeps reasoning apart from text', async () => {
        const told = await ask(face, stream, { pieces: [{ reasoning: 'Hm, ' }, { reasoning: '음' }, { text: 'Yes' }] });
        // OpenAI's completions have no place for it, and no upstream of that kind sends it.
        expect(told).toMatchObject({ text: 'Yes', reasoning: face.reasoning ? 'Hm, 음' : '' });
      });

      if (face.tools) {
        it('carries one call', async () => {
          const told = await ask(
            face,
            stream,
            { pieces: [{ text: 'Look: ' }, { call: 0, id: 'c1', name: 'f', args: '{"x":' }, { call: 0, args: '1}' }] },
            true,
          );
          expect(told).toMatchObject({ text: 'Look: ', calls: [{ name: 'f', arguments: { x: 1 } }] });
        });

        it('keeps several calls apart whose arguments come in turns', async () => {
          const script: Script = {
            pieces: [
              { call: 0, id: 'c1', name: 'f', args: '{"x"' },
              { call: 1, id: 'c2', name: 'g', args: '{"y"' },
              { call: 0, args: ':"세' },
              { call: 1, args: ':2}' },
              { call: 0, args: '계"}' },
            ],
          };
          expect((await ask(face, stream, script, true)).calls).toEqual([
            { name: 'f', arguments: { x: '세계' } },
            { name: 'g', arguments: { y: 2 } },
          ]);
        });
      }

      it('stops the upstream when the client leaves', async () => {
        upstream.handle(list(play({ pieces: [{ text: 'Hel' }], end: 'hang' })));
        const controller = new AbortController();
        const before = upstream.calls().length;
        const asked = fetch(gateway.url + face.path, { method: 'POST', body: JSON.stringify(face.body({ model: 'm', stream })), signal: controller.signal });
        const gone = asked.then((response) => response.text()).catch((error: Error) => error.name);
        await vi.waitFor(() => expect(upstream.calls().length).toBe(before + 1));
        if (stream) await asked;
        controller.abort();
        expect(await gone).toBe('AbortError');
        await vi.waitFor(() => expect(upstream.calls().at(-1)?.cancelled()).toBe(true));
      });

      it('answers an error before the first content with its status, in its own form', async () => {
        upstream.handle(list((_seen, response) => sendJson(response, { error: kind === 'ollama' ? 'it is broken' : { message: 'it is broken' } }, 400)));
        const response = await gateway.post(face.path, face.body({ model: 'm', stream }));
        expect(response.status).toBe(400);
        expect(response.headers.get('content-type')).toContain('application/json');
        expect(face.whole(await response.json()).error).toContain('it is broken');
      });

      it('tells of an upstream that breaks off', async () => {
        // A gateway of its own: failures of an upstream are remembered.
        const own = await begin();
        try {
          upstream.handle(list(play({ pieces: [{ text: 'Hel' }], end: 'break' })));
          const response = await own.post(face.path, face.body({ model: 'm', stream }));
          const told = stream ? face.streamed(await response.text()) : face.whole(await response.json());
          expect(response.status).toBe(stream ? 200 : 502);
          expect(told.error).toEqual(expect.any(String));
          expect(told.end).toBeUndefined();
          if (stream) expect(told.text).toBe('Hel');
        } finally {
          await own.close();
        }
      });
    },
  );
});
