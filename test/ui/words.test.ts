import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../ui/', import.meta.url);
// The page is plain JavaScript; here its modules are read by address, as the browser does.
const load = (name: string): Promise<Record<string, unknown>> => import(/* @vite-ignore */ new URL(name, folder).href);
const { words } = (await load('words.js')) as { words: Record<'en' | 'ko', Record<string, string>> };
const files = readdirSync(folder).filter((name) => /\.(js|html|css)$/.test(name));
const text = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

describe('the words of the page', () => {
  it('have the same names in both languages', () => {
    expect(Object.keys(words.ko).sort()).toEqual(Object.keys(words.en).sort());
  });

  it('take the same values in both languages', () => {
    const holes = (sentence: string | undefined): string[] => [...(sentence ?? '').matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();
    for (const name of Object.keys(words.en)) expect(holes(words.ko[name]), name).toEqual(holes(words.en[name]));
  });

  it('are all there that the document asks for', () => {
    const asked = [...text('index.html').matchAll(/data-t(?:-label|-hint)?="([^"]+)"/g)].map(([, name]) => name as string);
    expect(asked.length).toBeGreaterThan(20);
    expect(asked.filter((name) => !(name in words.en))).toEqual([]);
  });

  it('are Korean where they should be', () => {
    const latin = Object.entries(words.ko).filter(([name, sentence]) => !/[가-힣]/.test(sentence) && !/^\{|^title$|^fleet\.vram$/.test(sentence + name));
    expect(latin.map(([name]) => name).filter((name) => !['title', 'fleet.vram', 'learning.cell'].includes(name))).toEqual([]);
  });
});

describe('the files of the page', () => {
  it.each(files)('%s reaches for nothing outside', (name) => {
    const outside = text(name)
      .replaceAll('http://www.w3.org/2000/svg', '')
      .match(/https?:\/\/|@import|url\(/g);
    expect(outside).toBeNull();
  });

  it.each(files.filter((name) => name.endsWith('.js')))('%s turns no text into markup or program', (name) => {
    expect(text(name)).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser|srcdoc/);
  });

  it('read Prometheus text, labels with escapes too', async () => {
    const { parseMetrics, total } = (await load('prometheus.js')) as {
      parseMetrics: (text: string) => Map<string, { labels: Record<string, string>; value: number }[]>;
      total: (metrics: Map<string, unknown>, name: string, labels?: Record<string, string>) => number;
    };
    const metrics = parseMetrics('# HELP a b\n# TYPE a gauge\na{x="1",y="q\\"},{"} 2\na{x="2"} 3.5\nb 7\nnonsense\n');
    expect(metrics.get('a')?.[0]).toEqual({ labels: { x: '1', y: 'q"},{' }, value: 2 });
    expect([total(metrics, 'a'), total(metrics, 'a', { x: '2' }), total(metrics, 'b'), total(metrics, 'c')]).toEqual([5.5, 3.5, 7, 0]);
  });

  it('read server-sent events however they are cut', async () => {
    const { readEvents } = (await load('api.js')) as { readEvents: (response: Response) => AsyncIterable<{ event: string; data: string }> };
    const bytes = new TextEncoder().encode(': hello\n\nevent: decision\ndata: {"a":"한"}\n\ndata: one\r\ndata: two\r\n\r\ndata: cut');
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const events = [];
    for await (const event of readEvents(new Response(body))) events.push(event);
    expect(events).toEqual([
      { event: 'decision', data: '{"a":"한"}' },
      { event: 'message', data: 'one\ntwo' },
    ]);
  });
});
