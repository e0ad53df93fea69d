import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BASE, FACES, type FaceName, FEATURES, type Feature, type Kind } from '../support/crossing-features.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { playNative, playOpenAi } from '../support/script.ts';
import { createUpstream, ollamaHandler, openaiHandler, type Upstream } from '../support/upstream.ts';

/*
 * For every API a client may speak and every kind of upstream: what of a request arrives. What is seen here is written to
 * docs/compatibility.md with UPDATE_DOCS=1; otherwise that page is checked against it.
 */

const PAGE = new URL('../../docs/compatibility.md', import.meta.url);
const KINDS: readonly Kind[] = ['ollama', 'openai'];
const FACE_NAMES = Object.keys(FACES) as FaceName[];
const SAID = { pieces: [{ text: 'ok' }] };
/** What a model says that is held to a call of the tools these tests send. */
const CALL = { pieces: [{ text: '{"name":"f","arguments":{"x":1}}' }] };

type Outcome = 'yes' | 'kept' | 'left out' | 'refused';

let upstreams: Record<Kind, Upstream>;
let gateway: TestGateway;
const outcomes = new Map<string, Outcome>();

beforeAll(async () => {
  const capabilities = ['completion', 'tools', 'vision', 'thinking', 'insert'];
  upstreams = {
    ollama: await createUpstream(
      ollamaHandler([{ name: 'm-ollama', capabilities }], (seen, response) => playNative(seen.body['format'] === undefined ? SAID : CALL)(seen, response)),
    ),
    openai: await createUpstream(openaiHandler(['m-openai'], playOpenAi(SAID))),
  };
  gateway = await startGateway({
    gateway: {
      providers: [
        { name: 'ollama', type: 'ollama', url: upstreams.ollama.url },
        { name: 'openai', type: 'openai', url: `${upstreams.openai.url}/v1` },
      ],
    },
    performance: { caching: { enabled: false } },
  });
});
afterAll(async () => {
  await gateway.close();
  for (const upstream of Object.values(upstreams)) await upstream.close();
});

async function cross(feature: Feature, face: FaceName, kind: Kind): Promise<Outcome> {
  const before = upstreams[kind].calls().length;
  const response = await gateway.post(FACES[face].path, { model: `m-${kind}`, ...BASE[face], ...feature.ask[face] });
  const answer = await response.text();
  const seen = upstreams[kind].calls().slice(before);
  if (response.status === 400) {
    // A refusal says why, and costs no model anything.
    expect(seen).toHaveLength(0);
    expect(answer).toMatch(/supported|data URL/);
    return 'refused';
  }
  expect(response.status, answer).toBe(200);
  if (!feature.arrived[kind](seen[0]?.body ?? {}, seen)) return 'left out';
  return feature.kept?.[kind] === undefined ? 'yes' : 'kept';
}

const key = (feature: Feature, face: FaceName, kind: Kind): string => `${kind}/${face}/${feature.title}`;

describe.each(KINDS)('to an upstream of kind %s', (kind) => {
  const cases = FEATURES.flatMap((feature) =>
    FACE_NAMES.filter((face) => feature.ask[face] !== undefined).map((face) => ({ title: feature.title, feature, face })),
  );

  it.each(cases)('$title from $face arrives, or is refused, or is known not to', async ({ feature, face }) => {
    const outcome = await cross(feature, face, kind);
    outcomes.set(key(feature, face, kind), outcome);
    if (outcome === 'left out') expect(feature.lost?.[kind], 'nothing may be lost without a reason').toBeDefined();
  });
});

const TITLES: Readonly<Record<Kind, string>> = { ollama: 'Ollama', openai: 'OpenAI-compatible (vLLM, llama.cpp server, hosted)' };

function table(kind: Kind): string {
  const notes: string[] = [];
  const note = (word: string, reason: string): string => {
    if (!notes.includes(reason)) notes.push(reason);
    return `${word} (${notes.indexOf(reason) + 1})`;
  };
  const rows = FEATURES.map((feature) => {
    const cells = FACE_NAMES.map((face) => {
      const outcome = outcomes.get(key(feature, face, kind));
      if (outcome === 'left out') return note('no', feature.lost?.[kind] ?? '');
      return outcome === 'kept' ? note('kept', feature.kept?.[kind] ?? '') : (outcome ?? '');
    });
    return `| ${feature.title} | ${cells.join(' | ')} |`;
  });
  const head = ['', ...FACE_NAMES.map((face) => FACES[face].title)];
  return [
    `## To ${TITLES[kind]}`,
    '',
    `| ${head.join(' | ')} |`,
    `|${' --- |'.repeat(head.length)}`,
    ...rows,
    '',
    ...notes.map((reason, index) => `(${index + 1}) ${reason}`),
    '',
  ].join('\n');
}

it('docs/compatibility.md says what was seen', async () => {
  const page = [
    '# What crosses from client to model',
    '',
    'Written by `test/contract/crossings.test.ts` (`UPDATE_DOCS=1`), which sends each request and looks at what arrives upstream.',
    'yes: arrives, in the words of the upstream. kept: the upstream has no word for it and the gateway sees to it, as told below the table.',
    'refused: answered 400 with the reason. no: left out, with the reason below the table. Empty: that API has no such thing.',
    '',
    ...KINDS.map(table),
  ].join('\n');
  if (process.env['UPDATE_DOCS'] === '1') await writeFile(PAGE, page);
  expect(await readFile(PAGE, 'utf8')).toBe(page);
});
