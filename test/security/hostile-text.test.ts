import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openaiAnswer } from '../support/upstream.ts';
import { type Fixture, startFixture } from './support.ts';

let fixture: Fixture;
let answer = 'fine';
beforeAll(async () => {
  fixture = await startFixture({ chat: (seen, response) => openaiAnswer([answer])(seen, response) });
});
afterAll(() => fixture.close());

const SIZE = 1 << 20;
const fill = (piece: string): string => piece.repeat(Math.ceil(SIZE / piece.length));

/** Pieces that make patterns go back and forth: one repeated is the attack on every quadratic pattern that was ever found here. */
const PIECES: Record<string, string> = {
  'blank lines': '\n',
  blanks: ' ',
  'tabs and lines': '\n\t ',
  fences: '```',
  'fences on lines': '```\n',
  'tilde fences': '~~~a\n',
  bars: '|',
  'bars on lines': '|\n',
  letters: 'a',
  digits: '1',
  'numbers and dots': '1.',
  'list marks': '\n- ',
  'open brackets': '{{',
  'open quotes': '"model":{',
  'question marks': '?',
  hangul: '가',
  'hangul endings': '가?',
  thanks: 'thanks ',
  please: ' please',
  so: '\nso ',
  translate: 'translate ',
  commas: ', ',
  dollars: '${a:-',
  parens: '(A',
  emoji: '🙂',
  'at signs': 'a@',
  'dots and at': 'a.',
};

describe('a megabyte of hostile text', () => {
  it.each(Object.entries(PIECES))('does not hold the gateway up when it is routed: %s', async (_name, piece) => {
    const content = `x${fill(piece)}!`;
    const begun = performance.now();
    const response = await fixture.gateway.post('/orchestrator/route', { prompt: content });
    await response.text();
    expect(response.status).toBeLessThan(500);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  it.each(Object.entries(PIECES))('does not hold the gateway up as an answer of members: %s', async (_name, piece) => {
    answer = `x${fill(piece).slice(0, 200_000)}!`;
    const begun = performance.now();
    const response = await fixture.gateway.post('/v1/chat/completions', {
      model: 'ensemble',
      messages: [{ role: 'user', content: 'List three things as JSON, 2+2?' }],
    });
    await response.text();
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});
