import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { GatewayError } from '../src/core/errors.ts';
import type { ModelProfile } from '../src/core/model.ts';
import type { Provider } from '../src/core/provider.ts';
import { type Transcription, toForm } from '../src/dialects/openai/transcriptions.ts';
import { hostFailure } from '../src/management-answers.ts';
import { ascii } from '../src/policy/policy.ts';
import { createReport } from './report.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Sends a recording to a model that hears; its own words come back as they are. */
    transcribe: (request: FastifyRequest, reply: FastifyReply, asked: Transcription) => Promise<FastifyReply>;
  }
}

const PATHS: Partial<Record<Provider['kind'], string>> = { ollama: '/v1/audio/transcriptions', openai: '/audio/transcriptions' };

export default fp(
  (app: FastifyInstance, _options, done) => {
    const { services } = app;
    const { fleet } = services.gateway;

    /** A named model where it says that it hears or says nothing; any that says so for a virtual name. */
    const choose = (name: string, { caller }: FastifyRequest): ModelProfile => {
      const resolution = services.gateway.resolve(name);
      const refs = resolution.kind === 'model' ? resolution.refs : fleet.profiles().map(({ ref }) => ref);
      const allowed = refs.filter(caller.allowed).flatMap((ref) => fleet.profile(ref) ?? []);
      const able = allowed.filter(({ ref, facts }) => {
        const kind = fleet.provider(ref.provider)?.kind;
        const silent = resolution.kind === 'model' && !facts.capabilitiesKnown;
        return kind !== undefined && PATHS[kind] !== undefined && (silent || facts.capabilities.includes('audio'));
      });
      const [found] = able.toSorted((a, b) => Number(a.coolingUntil > 0) - Number(b.coolingUntil > 0) || a.inFlight - b.inFlight);
      if (found !== undefined) return found;
      throw new GatewayError(
        'invalid-request',
        `"${name}" does not support audio: name a model that hears, such as a Whisper behind an OpenAI-compatible server.`,
        {
          param: 'model',
        },
      );
    };

    app.decorate('transcribe', async (request: FastifyRequest, reply: FastifyReply, asked: Transcription) => {
      const report = createReport(services, request.id, 'transcription', request.caller.key?.id);
      request.counted = true;
      try {
        const { ref } = choose(asked.model, request);
        const provider = fleet.provider(ref.provider) as Provider;
        const form = new Response(toForm(asked, ref.model));
        const answer = await provider.forward?.({
          method: 'POST',
          path: PATHS[provider.kind] as string,
          body: new Uint8Array(await form.arrayBuffer()),
          headers: { 'content-type': form.headers.get('content-type') as string },
          signal: app.longSignal(reply),
        });
        if (answer === undefined) throw new GatewayError('invalid-request', `'${ref.provider}' takes no recordings.`, { param: 'model' });
        if (answer.status >= 400) throw await hostFailure(answer, ref.provider);
        report.begun({ served: ref, cache: 'bypass', attempts: 1, events: nothing() });
        report.finished();
        void reply.headers({ 'x-orchestrator-model': ascii(ref.model), 'x-orchestrator-provider': ref.provider });
        return app.relay(reply, answer);
      } catch (thrown) {
        const error = GatewayError.from(thrown);
        report.failed(error);
        throw error;
      }
    });
    done();
  },
  { name: 'transcribe', dependencies: ['gateway', 'errors', 'native', 'refusals'] },
);

async function* nothing(): AsyncGenerator<never> {}
