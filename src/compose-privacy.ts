import type { Logger } from 'pino';
import { type Config, ConfigError } from './config.ts';
import type { ChatRequest, EmbedRequest } from './core/chat.ts';
import type { ModelRef } from './core/model.ts';
import type { CallModel } from './execution/execute.ts';
import { FINDING_KINDS, type FindingKind } from './privacy/finding.ts';
import { maskEmbedRequest, maskRequest } from './privacy/request.ts';
import { restoreStream } from './privacy/restore.ts';
import { createMasker } from './privacy/session.ts';

export interface Privacy {
  /** Masks what goes to a provider that the mode covers, and restores what comes back. */
  readonly wrap: (call: CallModel) => CallModel;
  readonly maskEmbed: (target: ModelRef, request: EmbedRequest, tenant: string) => EmbedRequest;
}

/** Personal data and secrets, by the configured mode: off, log, remote (providers outside your machines) or all. */
export function composePrivacy(options: {
  readonly config: Config;
  readonly secretKey: Uint8Array;
  readonly isRemote: (target: ModelRef) => boolean;
  readonly log: Logger;
}): Privacy {
  const { mode, kinds } = options.config.privacy;
  const unknown = kinds?.find((kind) => !FINDING_KINDS.includes(kind as FindingKind));
  if (unknown !== undefined) throw new ConfigError(`gateway.yaml: privacy.kinds: there is no kind '${unknown}'; expected ${FINDING_KINDS.join(', ')}`);
  const masker = createMasker({ secretKey: options.secretKey, ...(kinds !== undefined && { kinds: kinds as FindingKind[] }) });
  const covers = (target: ModelRef): boolean => mode === 'all' || (mode === 'remote' && options.isRemote(target));

  const logFindings = (request: ChatRequest, requestId: string): void => {
    const session = masker.session('log');
    maskRequest(session, request);
    if (session.masked()) options.log.info({ requestId, found: session.counts() }, 'personal data in a request');
  };

  return {
    wrap: (call) => (target, request, context, signal) => {
      if (mode === 'log') logFindings(request, context.requestId);
      if (!covers(target)) return call(target, request, context, signal);
      const session = masker.session(context.tenant);
      const masked = maskRequest(session, request);
      const events = call(target, masked, context, signal);
      return session.masked() ? restoreStream(session, events) : events;
    },
    maskEmbed: (target, request, tenant) => (covers(target) ? maskEmbedRequest(masker.session(tenant), request) : request),
  };
}
