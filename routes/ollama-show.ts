import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../src/core/errors.ts';
import type { DiscoveredModel } from '../src/core/model.ts';
import { decodeNamed } from '../src/dialects/ollama/manage.ts';
import { toShow, withBasename } from '../src/dialects/ollama/models.ts';
import { displayName } from '../src/dialects/ollama/names.ts';
import { parseFirst } from '../src/stream/json.ts';

/** POST /api/show: a real model as its own Ollama host describes it, any other as the gateway knows it. */
export default async function show(app: FastifyInstance): Promise<void> {
  const { catalogue, management } = app.services;

  app.post('/api/show', async (request, reply) => {
    const { name, body } = decodeNamed(parseFirst(request.body as Buffer));
    if (name === '') throw new GatewayError('invalid-request', 'model is required', { param: 'model' });
    const known = describe(name, request);
    const answer = known.format === 'virtual' ? undefined : await ask(name, body, request, reply);
    if (answer === undefined) return forCopilot(request, name, toShow(known));
    if (answer.status === 404) throw notFound(name);
    if (!isCopilot(request) || answer.status !== 200) return app.relay(reply, answer);
    const parts: Uint8Array[] = [];
    for await (const part of answer.body) parts.push(part);
    return forCopilot(request, name, JSON.parse(Buffer.concat(parts).toString('utf8')) as object);
  });

  const describe = (name: string, { caller }: FastifyRequest): DiscoveredModel => {
    try {
      const found = catalogue.describe(name, caller);
      if (found !== undefined) return found;
    } catch (error) {
      if (GatewayError.from(error).kind !== 'model-not-found') throw error;
    }
    throw notFound(name);
  };

  /** A host that is away for a moment does not hide what is known of its model. */
  const ask = (name: string, body: object, request: FastifyRequest, reply: FastifyReply) =>
    management.ask('/api/show', name, (model) => ({ ...body, model }), request.caller, app.longSignal(reply)).catch(() => undefined);
}

const notFound = (name: string): GatewayError => new GatewayError('model-not-found', `model '${displayName(name)}' not found`, { param: 'model' });

const isCopilot = ({ headers }: FastifyRequest): boolean => headers['user-agent']?.startsWith('GitHubCopilotChat/') === true;

/** VS Code shows general.basename, so there the name the user picked must stand. */
const forCopilot = (request: FastifyRequest, name: string, shown: object): object => (isCopilot(request) ? withBasename(shown, name) : shown);
