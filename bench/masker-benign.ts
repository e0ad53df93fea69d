import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface BenignSet {
  readonly name: string;
  readonly goal: string;
  readonly texts: readonly string[];
}

/** Mulberry32: the same numbers on every run. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const COUNT = 2000;
const HEX = '0123456789abcdef';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const ULID = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE = /\.(?:ts|js|mjs|cjs|py|go|d\.ts|c|h|cc|rs)$/;

/** Texts without personal data or secrets: made ones by a seed, and files and prompts from where the options say. */
export function benignSets(sources: { readonly prompts: string | undefined; readonly code: readonly string[] }): BenignSet[] {
  const random = createRandom(7);
  const pick = (alphabet: string, length: number): string => Array.from({ length }, () => alphabet.charAt(Math.floor(random() * alphabet.length))).join('');
  const whole = (low: number, high: number): number => low + Math.floor(random() * (high - low));
  const make = (name: string, goal: string, one: () => string): BenignSet => ({ name, goal, texts: Array.from({ length: COUNT }, one) });
  const uuid = (): string => `${pick(HEX, 8)}-${pick(HEX, 4)}-4${pick(HEX, 3)}-a${pick(HEX, 3)}-${pick(HEX, 12)}`;
  const sets = [
    make('git SHAs', '0', () => `commit ${pick(HEX, 40)}`),
    make('short SHAs', '0', () => `${pick(HEX, 7)}..${pick(HEX, 9)} main -> main`),
    make('UUIDs', '0', uuid),
    make('UUIDs in JSON', '0', () => `{"id": "${uuid()}", "key": "${uuid()}"}`),
    make('ULIDs', '0', () => `01${pick(ULID, 24)}`),
    make('SHA-256', '0', () => `${pick(HEX, 64)}  file-${whole(1, 999)}.tar.gz`),
    make('answer ids', '0', () => `chatcmpl-${pick(HEX, 32)} cmpl-${pick(`${BASE64.slice(0, 62)}`, 29)} call_${pick(BASE64.slice(0, 62), 24)}`),
    make('base64', '0', () => pick(BASE64, whole(80, 2000))),
    make('image data URLs', '0', () => `data:image/png;base64,iVBORw0KGgo${pick(BASE64, whole(80, 2000))}==`),
    make('lockfile integrity', '0', () => `      "integrity": "sha512-${pick(BASE64, 86)}==",`),
    make('unix seconds', '0', () => `at ${whole(1_300_000_000, 1_900_000_000)}`),
    make('unix milliseconds', '0', () => `"ts": ${whole(1_300_000_000, 1_900_000_000)}${pick('0123456789', 3)}`),
    make('unix nanoseconds', '0', () => `time=${whole(1_300_000_000, 1_900_000_000)}${pick('0123456789', 9)}`),
    make(
      'ISO times',
      '0',
      () => `20${whole(10, 30)}-0${whole(1, 9)}-1${whole(0, 9)}T1${whole(0, 9)}:${whole(10, 59)}:${whole(10, 59)}.${pick('0123456789', 6)}+09:00`,
    ),
    make(
      'arithmetic',
      '0',
      () => `${whole(100, 9999)}-${whole(100, 9999)} = ? (${whole(100, 999)}+${whole(100, 999)})*${whole(2, 99)}, ${whole(1000, 9999)} - ${whole(100, 999)}`,
    ),
    make(
      'versions',
      '0',
      () => `v${whole(0, 20)}.${whole(0, 30)}.${whole(0, 30)}.${whole(0, 99)} and version ${whole(1, 20)}.${whole(0, 99)}.${whole(0, 999)}-rc.${whole(1, 9)}`,
    ),
    make('order numbers', '<= 0.1 %', () => `order #${pick('0123456789', whole(8, 17))}, 주문번호 ${pick('0123456789', 4)}-${pick('0123456789', 8)}`),
    make('decimals', '0', () => `${random() * 1000} ${random()} ${whole(1, 999)},${pick('0123456789', 3)},${pick('0123456789', 3)}`),
  ];
  if (sources.prompts !== undefined) {
    const prompts = readFileSync(sources.prompts, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { text: string; lang: string });
    for (const language of new Set(prompts.map(({ lang }) => lang))) {
      sets.push({ name: `prompts, ${language}`, goal: '<= 0.5 %', texts: prompts.filter(({ lang }) => lang === language).map(({ text }) => text) });
    }
  }
  for (const directory of sources.code) {
    const files = listFiles(directory, 4000);
    sets.push({
      name: `code files, ${directory.split('/').filter(Boolean).at(-1) ?? directory}`,
      goal: '<= 0.5 %',
      texts: files.map((file) => readFileSync(file, 'utf8')),
    });
  }
  return sets;
}

function listFiles(directory: string, most: number): string[] {
  const files: string[] = [];
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (files.length >= most) break;
    if (entry.isFile() && CODE.test(entry.name)) files.push(join(entry.parentPath, entry.name));
  }
  return files;
}
