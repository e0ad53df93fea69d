import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { ChatRequest, ChatStream, EmbedRequest, EmbedResult } from '../core/chat.ts';
import { GatewayError } from '../core/errors.ts';
import type { RunContext } from '../core/execute.ts';
import type { ModelRef } from '../core/model.ts';
import type { Observation } from '../core/observation.ts';
import { askedAttributes, finishedAttributes, planAttributes, usageAttributes } from './attributes.ts';

/** W3C trace context as HTTP headers: `traceparent`, and `tracestate` where there is one. */
export type TraceHeaders = Readonly<Record<string, string>>;

type Call = (target: ModelRef, request: ChatRequest, context: RunContext, signal: AbortSignal) => ChatStream;
type Embed = (target: ModelRef, request: EmbedRequest, signal: AbortSignal, headers: TraceHeaders | undefined) => Promise<EmbedResult>;

interface Root {
  readonly span: Span;
  readonly context: Context;
  /** Ends with the HTTP response; false: with the 'finished' observation, for work that no HTTP request carries. */
  readonly http: boolean;
  /** Span of a strategy of several calls: their parent. */
  strategy?: Span;
}

/** Requests whose spans may be open at once; the oldest is ended when there are more. */
const MAX_OPEN = 20_000;
/** Length of a request id. A second opinion runs under the request's id and a suffix, and belongs to it. */
const ID_LENGTH = 36;

const getter = {
  get: (carrier: Readonly<Record<string, unknown>>, key: string) => carrier[key] as string | undefined,
  keys: (carrier: Readonly<Record<string, unknown>>) => Object.keys(carrier),
};
const setter = {
  set: (carrier: Record<string, string>, key: string, value: string) => {
    carrier[key] = value;
  },
};

/**
 * Spans of requests, decisions and model calls, named by OpenTelemetry's GenAI conventions (v1.38). No prompt, answer, header or address
 * becomes an attribute. `now` is epoch ms with fractions.
 */
export function createTracing(tracer: Tracer, now: () => number) {
  const propagator = new W3CTraceContextPropagator();
  const roots = new Map<string, Root>();

  const open = (id: string, root: Root): Root => {
    roots.set(id, root);
    if (roots.size > MAX_OPEN) close(roots.keys().next().value as string);
    return root;
  };
  const close = (id: string): void => {
    const root = roots.get(id);
    roots.delete(id);
    root?.strategy?.end();
    root?.span.end();
  };
  const rootOf = (id: string): Root | undefined => roots.get(id) ?? roots.get(id.slice(0, ID_LENGTH));
  const contextOf = ({ strategy, context }: Root): Context => (strategy === undefined ? context : trace.setSpan(context, strategy));
  const headersOf = (context: Context): TraceHeaders => {
    const headers: Record<string, string> = {};
    propagator.inject(context, headers, setter);
    return headers;
  };

  /** An HTTP request came in. Its span is a child of the caller's where `headers` name one. */
  const begin = (id: string, method: string, route: string, headers: Readonly<Record<string, unknown>>): void => {
    const parent = propagator.extract(ROOT_CONTEXT, headers, getter);
    const attributes = { 'http.request.method': method, 'http.route': route, 'orchestrator.request.id': id };
    const span = tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent);
    open(id, { span, context: trace.setSpan(parent, span), http: true });
  };

  /** Its response is over, or its connection. */
  const end = (id: string, status: number): void => {
    const root = roots.get(id);
    if (root === undefined) return;
    root.span.setAttribute('http.response.status_code', status);
    if (status >= 500) root.span.setStatus({ code: SpanStatusCode.ERROR });
    close(id);
  };

  const planned = ({ requestId, plan, decisionMs }: Extract<Observation, { type: 'planned' }>): void => {
    const at = now() - decisionMs;
    let root = roots.get(requestId);
    if (root === undefined) {
      const span = tracer.startSpan('batch line', { attributes: { 'orchestrator.request.id': requestId }, startTime: at }, ROOT_CONTEXT);
      root = open(requestId, { span, context: trace.setSpan(ROOT_CONTEXT, span), http: false });
    }
    const attributes = planAttributes(plan);
    root.span.setAttributes(attributes);
    tracer.startSpan('plan', { attributes, startTime: at }, root.context).end();
    if (plan.strategy.kind !== 'single') root.strategy = tracer.startSpan(attributes['orchestrator.strategy'], { attributes }, root.context);
  };

  const observe = (item: Observation): void => {
    switch (item.type) {
      case 'planned':
        planned(item);
        break;
      case 'cache':
        roots.get(item.requestId)?.span.setAttribute('orchestrator.cache.outcome', item.outcome);
        break;
      case 'finished': {
        const root = roots.get(item.requestId);
        if (root === undefined) break;
        root.span.setAttributes(finishedAttributes(item));
        if (item.timeToFirstTokenMs !== undefined) root.span.addEvent('first_token', now() - item.durationMs + item.timeToFirstTokenMs);
        if (!root.http) close(item.requestId);
        break;
      }
      case 'call':
      case 'combined':
        break;
    }
  };

  const startCall = (name: string, ref: ModelRef, id: string, attributes: object): { span: Span; headers: TraceHeaders } => {
    const root = rootOf(id);
    const parent = root === undefined ? ROOT_CONTEXT : contextOf(root);
    const named = { 'gen_ai.operation.name': name, 'gen_ai.provider.name': ref.provider, 'gen_ai.request.model': ref.model };
    const span = tracer.startSpan(`${name} ${ref.model}`, { kind: SpanKind.CLIENT, attributes: { ...named, ...attributes } }, parent);
    return { span, headers: headersOf(trace.setSpan(parent, span)) };
  };
  const fail = (span: Span, thrown: unknown): void => {
    const { kind } = GatewayError.from(thrown);
    span.setAttribute('error.type', kind);
    if (kind !== 'client-closed') span.setStatus({ code: SpanStatusCode.ERROR });
  };

  /** A span around every call of a model, its context in `context.trace` for the upstream. */
  const wrapCall =
    (call: Call): Call =>
    (target, request, context, signal) =>
      watched(call, target, request, context, signal);

  async function* watched(call: Call, ...[target, request, context, signal]: Parameters<Call>): ChatStream {
    const { span, headers } = startCall('chat', target, context.requestId, askedAttributes(request, context));
    let begun = false;
    let finished = false;
    try {
      for await (const batch of call(target, request, { ...context, trace: headers }, signal)) {
        if (!begun && batch.some(({ type }) => type === 'text' || type === 'reasoning' || type === 'tool-call')) {
          begun = true;
          span.addEvent('first_token', now());
        }
        const last = batch.at(-1);
        if (last?.type === 'finish') {
          finished = true;
          span.setAttributes({ 'gen_ai.response.model': target.model, 'gen_ai.response.finish_reasons': [last.reason], ...usageAttributes(last.usage) });
        }
        yield batch;
      }
    } catch (thrown) {
      finished = true;
      fail(span, thrown);
      throw thrown;
    } finally {
      if (!finished) span.setAttribute('error.type', 'client-closed');
      span.end();
    }
  }

  const wrapEmbed =
    (embed: Embed, id: string): Embed =>
    async (target, request, signal) => {
      const { span, headers } = startCall('embeddings', target, id, {});
      try {
        const result = await embed(target, request, signal, headers);
        span.setAttributes({ 'gen_ai.response.model': target.model, ...usageAttributes(result) });
        return result;
      } catch (thrown) {
        fail(span, thrown);
        throw thrown;
      } finally {
        span.end();
      }
    };

  return { begin, end, observe, wrapCall, wrapEmbed };
}
