import { startGateway, type TestGateway } from './gateway.ts';
import { type Piece, playNative, playOpenAi, type Script } from './script.ts';
import { createUpstream, ollamaHandler, openaiHandler, type Seen, sendJson, type Upstream } from './upstream.ts';

/** What the scripted models say, as tests of clients expect it. */
export const SAID = '파리 is the capital 🗼.';
export const THOUGHT = 'Let me think.';
export const CITY = { city: 'Seoul' } as const;
/** Not exact in 32 bits, so that base64 differs from the floats unless it is decoded well. */
export const VECTOR: readonly number[] = [0.1, -0.2, 0.3];

export const question = [{ role: 'user' as const, content: 'What is the capital of France?' }];
export const citySchema = { type: 'object' as const, properties: { city: { type: 'string' as const } }, required: ['city'], additionalProperties: false };

/** One upstream of each kind, the same words behind both. */
export const MODELS = [
  { kind: 'an Ollama', model: 'llama3.1:8b', embedder: 'nomic-embed-text' },
  { kind: 'an OpenAI-compatible server', model: 'mistral-7b', embedder: 'bge-embed' },
] as const;

const text: readonly Piece[] = ['파', '리 is the', ' capital 🗼', '.'].map((piece) => ({ text: piece }));

/** What is answered depends on what is asked: tools are called, schemas filled, and the words "think", "both", "forever" and "break" do as they say. */
function scriptFor({ body }: Seen): Script {
  const messages = (body['messages'] ?? []) as { role: string; content?: unknown }[];
  const asked = JSON.stringify(messages.length > 0 ? messages : body['prompt']);
  if (asked.includes('forever')) return { pieces: text, end: 'hang' };
  if (asked.includes('break')) return { pieces: text, end: 'break' };
  if (body['tools'] !== undefined && messages.every(({ role }) => role !== 'tool')) {
    const call = (index: number, city: string): Piece[] => [
      { call: index, id: `call_${index}`, name: 'weather', args: '{"city":' },
      { call: index, args: `"${city}"}` },
    ];
    return { pieces: asked.includes('both') ? [...call(0, 'Seoul'), ...call(1, 'Paris')] : call(0, 'Seoul') };
  }
  if (body['format'] !== undefined || body['response_format'] !== undefined) return { pieces: [{ text: '{"city":' }, { text: '"Seoul"}' }] };
  return { pieces: asked.includes('think') ? [{ reasoning: THOUGHT }, ...text] : text };
}

const inputs = (body: Seen['body']): unknown[] => (Array.isArray(body['input']) ? body['input'] : [body['input']]);

export interface ClientBench {
  readonly gateway: TestGateway;
  /** Whether the upstream of a model saw the caller of its last answer hang up. */
  readonly cancelled: (model: string) => boolean;
  close(): Promise<void>;
}

/** A gateway with a scripted Ollama and a scripted OpenAI-compatible server behind it. */
export async function startClientBench(): Promise<ClientBench> {
  const [native, compatible] = MODELS;
  const upstreams: readonly Upstream[] = [
    await createUpstream(
      ollamaHandler(
        [
          { name: native.model, capabilities: ['completion', 'tools', 'thinking', 'vision'] },
          { name: native.embedder, capabilities: ['embedding'], family: 'nomic-bert' },
        ],
        (seen, response) => {
          if (seen.path === '/api/embeddings') return sendJson(response, { embedding: VECTOR });
          if (seen.path !== '/api/embed') return playNative(scriptFor(seen))(seen, response);
          return sendJson(response, { model: seen.body['model'], embeddings: inputs(seen.body).map(() => VECTOR), prompt_eval_count: 4 });
        },
      ),
    ),
    await createUpstream(
      openaiHandler([compatible.model, compatible.embedder], (seen, response) =>
        seen.path === '/v1/embeddings'
          ? sendJson(response, {
              object: 'list',
              model: seen.body['model'],
              data: inputs(seen.body).map((_, index) => ({ object: 'embedding', index, embedding: VECTOR })),
              usage: { prompt_tokens: 4, total_tokens: 4 },
            })
          : playOpenAi(scriptFor(seen))(seen, response),
      ),
    ),
  ];
  const gateway = await startGateway({
    gateway: {
      providers: [
        { name: 'ollama', type: 'ollama', url: upstreams[0]?.url },
        { name: 'vllm', type: 'openai', url: `${upstreams[1]?.url}/v1` },
      ],
    },
    performance: { caching: { enabled: false } },
  });
  return {
    gateway,
    cancelled: (model) =>
      upstreams
        .flatMap((upstream) => upstream.calls())
        .findLast(({ body }) => body['model'] === model)
        ?.cancelled() === true,
    async close() {
      await gateway.close();
      await Promise.all(upstreams.map((upstream) => upstream.close()));
    },
  };
}

/** Everything a stream yields. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
