import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as a collector gets it (OTLP over HTTP, JSON form), its attributes as a plain object. */
export interface CollectedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  /** 1 internal, 2 server, 3 client. */
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly string[];
  /** 2 is an error. */
  readonly status: number;
  readonly nanoseconds: number;
}

interface Value {
  readonly stringValue?: string;
  readonly intValue?: string | number;
  readonly doubleValue?: number;
  readonly boolValue?: boolean;
  readonly arrayValue?: { readonly values: readonly Value[] };
}
interface WireSpan extends Omit<CollectedSpan, 'attributes' | 'events' | 'status' | 'nanoseconds'> {
  readonly attributes: readonly { readonly key: string; readonly value: Value }[];
  readonly events: readonly { readonly name: string }[];
  readonly status: { readonly code?: number };
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}
interface Wire {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: WireSpan['attributes'] };
    readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[];
  }[];
}

const plain = (value: Value): unknown => {
  if (value.arrayValue !== undefined) return value.arrayValue.values.map(plain);
  return value.intValue === undefined ? (value.stringValue ?? value.doubleValue ?? value.boolValue) : Number(value.intValue);
};
const toObject = (list: WireSpan['attributes']): Record<string, unknown> => Object.fromEntries(list.map(({ key, value }) => [key, plain(value)]));

/** A real OTLP/HTTP receiver on a free port. */
export async function createCollector() {
  const spans: CollectedSpan[] = [];
  const resources: Record<string, unknown>[] = [];
  const texts: string[] = [];
  const paths: string[] = [];
  const headers: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const text = Buffer.concat(parts).toString('utf8');
      texts.push(text);
      paths.push(request.url ?? '');
      headers.push(request.headers);
      for (const { resource, scopeSpans } of (JSON.parse(text) as Wire).resourceSpans) {
        resources.push(toObject(resource.attributes));
        for (const span of scopeSpans.flatMap((scope) => scope.spans)) {
          spans.push({
            ...span,
            attributes: toObject(span.attributes),
            events: span.events.map(({ name }) => name),
            status: span.status.code ?? 0,
            nanoseconds: Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)),
          });
        }
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    resources,
    paths,
    headers,
    /** Everything that was sent, as it came. */
    text: () => texts.join('\n'),
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

export type Collector = Awaited<ReturnType<typeof createCollector>>;
