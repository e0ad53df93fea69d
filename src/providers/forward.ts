import type { ForwardAnswer, ForwardCall } from '../core/provider.ts';
import type { HttpClient } from './http.ts';

/** An upstream's own route called as it is; a body is JSON unless its headers say otherwise. */
export const forwardBy =
  (client: HttpClient) =>
  async (call: ForwardCall): Promise<ForwardAnswer> => {
    const answer = await client.open({ ...call, headers: { 'content-type': 'application/json', ...call.headers } });
    const type = answer.headers['content-type'];
    return { status: answer.status, headers: typeof type === 'string' ? { 'content-type': type } : {}, body: flatten(answer.body) };
  };

async function* flatten(body: AsyncIterable<readonly Buffer[]>): AsyncGenerator<Uint8Array> {
  for await (const chunks of body) yield* chunks;
}
