import type { Logger } from 'pino';
import { composePrivacy } from './compose-privacy.ts';
import type { Upstream, Upstreams } from './compose-providers.ts';
import type { Config } from './config.ts';
import { GatewayError } from './core/errors.ts';
import type { ModelRef } from './core/model.ts';
import type { CallModel } from './execution/execute.ts';
import type { GatewayOptions } from './gateway.ts';
import { fitRequest } from './policy/fit.ts';
import type { Fleet } from './profiles/fleet.ts';
import type { Tracing } from './tracing/otlp.ts';

/** What stands between deciding and a provider: may the caller, does it fit, what is masked, what is traced. */
export function composeCall(options: {
  readonly config: Config;
  readonly upstreams: Pick<Upstreams, 'find'>;
  readonly fleet: Fleet;
  readonly tracing: Tracing | undefined;
  /** What placeholders of masked texts are made with. */
  readonly secret: Uint8Array;
  readonly log: Logger;
}): { readonly call: CallModel; readonly embed: GatewayOptions['embed'] } {
  const { config, upstreams, fleet, tracing, log } = options;
  const providerOf = (ref: ModelRef): Upstream['provider'] => {
    const upstream = upstreams.find(ref.provider);
    if (upstream === undefined) throw new GatewayError('unavailable', `The provider '${ref.provider}' is gone.`, { target: ref.provider });
    return upstream.provider;
  };
  const privacy = composePrivacy({
    config,
    secretKey: options.secret,
    isRemote: ({ provider }) => upstreams.find(provider)?.member.remote ?? true,
    log,
  });

  const untraced = privacy.wrap((target, request, context, signal) => {
    if (!context.allowed(target)) throw new GatewayError('forbidden', `This key may not use the model '${target.model}'.`, { code: 'model_not_allowed' });
    const { requestId, tenant, background, buffered, trace, insist, deadlineAt } = context;
    const asked = fitRequest(request, target, fleet.profile(target)?.facts);
    return providerOf(target).chat({
      ...{ model: target.model, request: asked, signal, requestId, tenant, background, buffered },
      ...(trace !== undefined && { trace }),
      ...(insist !== undefined && { insist }),
      ...(deadlineAt !== undefined && { deadlineAt }),
    });
  });

  const embed: GatewayOptions['embed'] = (target, request, tenant, signal, requestId) => {
    const provider = providerOf(target);
    const once: Parameters<Tracing['wrapEmbed']>[0] = async ({ model }, asked, until, trace) => {
      if (provider.embed === undefined)
        throw new GatewayError('invalid-request', `"${model}" does not support embeddings`, { param: 'model', code: 'capability_missing' });
      return provider.embed({ model, request: asked, signal: until, ...(trace !== undefined && { trace }) });
    };
    return (tracing?.wrapEmbed(once, requestId) ?? once)(target, privacy.maskEmbed(target, request, tenant), signal, undefined);
  };

  return { call: tracing?.wrapCall(untraced) ?? untraced, embed };
}
