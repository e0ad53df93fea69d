import { GatewayError } from './core/errors.ts';
import type { ModelRef } from './core/model.ts';
import type { ForwardAnswer, Provider } from './core/provider.ts';
import { parseName } from './dialects/ollama/names.ts';
import type { Caller, Gateway } from './gateway.ts';
import { hostFailure, readBody } from './management-answers.ts';
import { fanOut } from './management-blob.ts';
import { createLoad, type Load } from './management-load.ts';
import { type HostProgress, mergeProgress, type Outcome } from './management-progress.ts';
import { normal, withoutDefaults } from './policy/names.ts';
import type { Fleet } from './profiles/fleet.ts';

/** Upstream routes of the calls that manage models; nothing a client sends becomes part of a path but a checked digest. */
const ROUTES = {
  pull: { method: 'POST', path: '/api/pull' },
  push: { method: 'POST', path: '/api/push' },
  create: { method: 'POST', path: '/api/create' },
  copy: { method: 'POST', path: '/api/copy' },
  delete: { method: 'DELETE', path: '/api/delete' },
} as const;

type Operation = keyof typeof ROUTES;

/** An Ollama host and what it calls the model in question. */
export interface Host {
  readonly provider: Provider;
  readonly model: string;
}

/** Calls that change which models the Ollama hosts hold. Throws 'forbidden' where the configuration refuses them. */
export interface Management {
  /** What is written in a new or existing model's name: 'virtual' ones and names outside the grammar cannot be managed. */
  nameKind(name: string): 'model' | 'virtual' | 'invalid';
  /**
   * Starts a long call at every host the policy names and gives their lines as one stream, `{"status":"success"}` or an error last.
   * Throws when no host accepts the call.
   */
  progress(operation: 'pull' | 'push' | 'create', call: ManagementCall): Promise<AsyncGenerator<object>>;
  /** A call without an answer of its own. */
  once(operation: 'copy' | 'delete', call: ManagementCall): Promise<void>;
  /** Whether every host that would take the upload has the blob. `digest` is 'sha256:<64 hex>', already checked. */
  hasBlob(digest: string, signal: AbortSignal): Promise<boolean>;
  /** Streams a blob to the hosts; 201 when one of them stored it, 200 when all had it. `length` in bytes, where it is known. */
  putBlob(digest: string, body: AsyncIterable<Uint8Array>, length: number | undefined, signal: AbortSignal): Promise<200 | 201>;
  /** A call of an existing model's own host, answered as the host answers; undefined when no Ollama host serves the model. */
  ask(
    path: '/api/show' | '/api/generate' | '/api/chat',
    name: string,
    bodyOf: (model: string) => object,
    caller: Caller,
    signal: AbortSignal,
  ): Promise<ForwardAnswer | undefined>;
  readonly load: Load;
}

export interface ManagementCall {
  /** The model that must exist already; absent when the call makes or fetches one. */
  readonly existing?: string;
  readonly bodyOf: (model: string) => object;
  readonly signal: AbortSignal;
}

export function createManagement(options: {
  readonly fleet: Fleet;
  readonly gateway: Gateway;
  /** first | all | refuse | a provider's name. */
  readonly policy: string;
  readonly closing: AbortSignal;
}): Management {
  const { fleet, gateway, policy, closing } = options;

  const ollamas = (): Provider[] =>
    fleet
      .providers()
      .toSorted((a, b) => Number(b.reachable) - Number(a.reachable))
      .flatMap(({ name }) => fleet.provider(name) ?? [])
      .filter(({ kind, forward }) => kind === 'ollama' && forward !== undefined);

  /** The hosts that list a model, under the name they list. */
  const having = (name: string): Host[] => {
    const wanted = [normal(name), normal(withoutDefaults(name))];
    const providers = ollamas();
    return fleet.profiles().flatMap(({ ref }) => {
      const provider = providers.find((candidate) => candidate.name === ref.provider);
      const named = wanted.includes(normal(ref.model)) || wanted.includes(normal(`${ref.provider}/${ref.model}`));
      return provider !== undefined && named ? [{ provider, model: ref.model }] : [];
    });
  };

  /** The hosts that take a call, by the policy. */
  const hostsFor = (existing: string | undefined): Host[] => {
    if (policy === 'refuse') {
      throw new GatewayError('forbidden', 'Managing models is turned off at this gateway (discovery.management in gateway.yaml).', {
        code: 'management_refused',
      });
    }
    const all = ollamas();
    if (all.length === 0) {
      throw new GatewayError('invalid-request', 'No Ollama host is configured here, and only Ollama can pull, create or delete models.', { code: 'no_ollama' });
    }
    const holders = existing === undefined ? [] : having(existing);
    const hosts = holders.length > 0 ? holders : all.map((provider) => ({ provider, model: existing ?? '' }));
    if (policy === 'all') return hosts;
    if (policy === 'first') return hosts.slice(0, 1);
    const named = all.find(({ name }) => name === policy);
    if (named === undefined) {
      throw new GatewayError('invalid-request', `discovery.management names '${policy}', which is no Ollama host of this gateway.`, { code: 'no_ollama' });
    }
    return [hosts.find(({ provider }) => provider === named) ?? { provider: named, model: existing ?? '' }];
  };

  const send = (operation: Operation, { provider, model }: Host, call: ManagementCall, more: object = {}): Promise<ForwardAnswer> =>
    (provider.forward as NonNullable<Provider['forward']>)({
      ...ROUTES[operation],
      body: JSON.stringify({ ...call.bodyOf(model), ...more }),
      signal: call.signal,
    });

  const refresh = (hosts: readonly Host[]): Promise<unknown> => Promise.all(hosts.map(({ provider }) => fleet.refresh(provider.name)));

  return {
    nameKind(name) {
      if (parseName(name) === undefined) return 'invalid';
      if (having(name).length > 0) return 'model';
      try {
        return gateway.resolve(name).kind === 'model' ? 'model' : 'virtual';
      } catch {
        return 'model';
      }
    },

    async progress(operation, call) {
      const hosts = hostsFor(call.existing);
      const started = await Promise.all(
        hosts.map(async (host): Promise<HostProgress | { host: string; failure: GatewayError }> => {
          try {
            const answer = await send(operation, host, call, { stream: true });
            if (answer.status >= 400) throw await hostFailure(answer, host.provider.name);
            return { host: host.provider.name, body: answer.body };
          } catch (error) {
            return { host: host.provider.name, failure: GatewayError.from(error) };
          }
        }),
      );
      const failed = started.flatMap((item) => ('failure' in item ? [item] : []));
      const running = started.flatMap((item) => ('body' in item ? [item] : []));
      const [first] = failed;
      if (running.length === 0 && first !== undefined) throw first.failure;
      const before = failed.map(({ host, failure }): Outcome => ({ host, error: failure.message }));
      return lines(running, before, () => refresh(hosts));
    },

    async once(operation, call) {
      const hosts = hostsFor(call.existing);
      const results = await Promise.allSettled(
        hosts.map(async (host) => {
          const answer = await send(operation, host, call);
          if (answer.status >= 400) throw await hostFailure(answer, host.provider.name);
          await readBody(answer);
        }),
      );
      await refresh(hosts);
      const failed = results.flatMap((result, index) =>
        result.status === 'rejected' ? [{ host: hosts[index], error: GatewayError.from(result.reason) }] : [],
      );
      const [first] = failed;
      if (first === undefined) return;
      if (hosts.length === 1) throw first.error;
      const told = failed.map(({ host, error }) => `${host?.provider.name}: ${error.message}`).join('; ');
      throw new GatewayError(first.error.kind, told, { ...first.error.details, cause: first.error });
    },

    async hasBlob(digest, signal) {
      const answers = await Promise.all(
        hostsFor(undefined).map(async ({ provider }) => {
          const answer = await provider.forward?.({ method: 'HEAD', path: `/api/blobs/${digest}`, signal });
          if (answer !== undefined) await readBody(answer);
          return answer?.status ?? 404;
        }),
      );
      return answers.every((status) => status === 200);
    },

    putBlob: (digest, body, length, signal) =>
      fanOut(
        hostsFor(undefined).map(({ provider }) => provider),
        { method: 'POST', path: `/api/blobs/${digest}`, length, signal },
        body,
      ),

    async ask(path, name, bodyOf, caller, signal) {
      const refs = refsOf(gateway, name, caller);
      const hosts = refs.flatMap((ref) => {
        const provider = ollamas().find((candidate) => candidate.name === ref.provider);
        return provider === undefined ? [] : [{ provider, model: ref.model }];
      });
      const [host] = hosts;
      return host?.provider.forward?.({ method: 'POST', path, body: JSON.stringify(bodyOf(host.model)), signal });
    },

    load: createLoad({ fleet, gateway, closing }),
  };
}

/** The replicas of a real model that the caller may use. Throws 'model-not-found' for a name that means nothing. */
function refsOf(gateway: Gateway, name: string, caller: Caller): readonly ModelRef[] {
  const resolution = gateway.resolve(name);
  return resolution.kind === 'model' ? resolution.refs.filter(caller.allowed) : [];
}

async function* lines(running: readonly HostProgress[], before: readonly Outcome[], done: () => Promise<unknown>): AsyncGenerator<object> {
  const outcomes = yield* mergeProgress(running);
  await done();
  const failed = [...before, ...outcomes].filter(({ error }) => error !== undefined);
  const several = running.length + before.length > 1;
  if (failed.length === 0) yield { status: 'success' };
  else yield { error: failed.map(({ host, error }) => (several ? `${host}: ${error}` : error)).join('; ') };
}
