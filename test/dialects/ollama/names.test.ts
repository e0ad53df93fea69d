import { describe, expect, it } from 'vitest';
import { displayName, parseDigest, parseName } from '../../../src/dialects/ollama/names.ts';

describe('model names', () => {
  it.each([
    ['llama3.2', ['registry.ollama.ai', 'library', 'llama3.2', 'latest']],
    ['llama3.2:1b', ['registry.ollama.ai', 'library', 'llama3.2', '1b']],
    ['me/x', ['registry.ollama.ai', 'me', 'x', 'latest']],
    ['hf.co/u/m:Q4_K_M', ['hf.co', 'u', 'm', 'Q4_K_M']],
    ['host:5000/ns/m', ['host:5000', 'ns', 'm', 'latest']],
    ['https://example.com/ns/m:t', ['example.com', 'ns', 'm', 't']],
    [' padded ', ['registry.ollama.ai', 'library', 'padded', 'latest']],
    ['_x', ['registry.ollama.ai', 'library', '_x', 'latest']],
  ])('reads %j', (name, [host, namespace, model, tag]) => expect(parseName(name)).toEqual({ host, namespace, model, tag }));

  it.each([
    '',
    ' ',
    ':tag',
    'm:',
    '/m',
    'm/',
    'a//b',
    '../x',
    '..',
    '.',
    'a/../b',
    'a/b/c/d',
    'a b',
    'a\\b',
    'a\u0000',
    'a%2fb',
    '-a',
    'a:b:c',
    'n.s/m',
    'x'.repeat(81),
    'm:'.concat('t'.repeat(81)),
    '한국어',
    'a?b',
    'a#b',
  ])('refuses %j', (name) => expect(parseName(name)).toBeUndefined());

  it.each([
    ['llama3.2', 'llama3.2:latest'],
    ['me/x', 'me/x:latest'],
    ['hf.co/u/m:Q4', 'hf.co/u/m:Q4'],
    ['host:5000/ns/m', 'host:5000/ns/m:latest'],
  ])('shows %s as %s', (name, shown) => expect(displayName(name)).toBe(shown));
});

describe('digests', () => {
  const hex = 'AB'.repeat(32);
  it('reads both separators', () => {
    expect(parseDigest(`sha256:${hex}`)).toBe(`sha256:${hex.toLowerCase()}`);
    expect(parseDigest(`sha256-${hex}`)).toBe(`sha256:${hex.toLowerCase()}`);
  });
  it.each(['', hex, `sha256:${hex}0`, `sha256:${hex.slice(1)}`, `sha256/${hex}`, `sha256:${'..'.repeat(32)}`, `sha256:${hex}\n`])('refuses %j', (text) =>
    expect(parseDigest(text)).toBeUndefined(),
  );
});
