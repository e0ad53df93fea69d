import { detect } from '../src/privacy/detect.ts';
import { createRandom } from './masker-benign.ts';

const MIB = 1 << 20;

/** Texts that cost a careless pattern most: repeated beginnings of everything the detector looks for. */
const HOSTILE: readonly string[] = [
  'a.',
  'a',
  'a@',
  'a@a.',
  '@',
  '1-',
  '12 ',
  '123 ',
  '1234 ',
  '1234-',
  '1234567,',
  '12.',
  '1.2.3.4.',
  '+1',
  '(1',
  '((',
  '[at]',
  'a(at)',
  ':',
  '::',
  'a:',
  '1:',
  'ab:',
  '1::',
  '=',
  '=a',
  'key=',
  'key=a1b2c3d4',
  'sk-',
  'sk_',
  'ghp_',
  'xoxb-',
  'xoxb-1-',
  'eyJ',
  'eyJaaaaaaaaaaaaaaaaa-',
  'eyJaaaaaaaaaaaaaaaaa.',
  'eyJaaaaaaaaaaaaaaaaa ',
  '-',
  '-----BEGIN RSA PRIVATE KEY-----',
  'http://',
  'http://a:',
  'curl ',
  'curl -u ',
  'Bearer ',
  'GB12',
  'GB12 ',
  'call 1234567 ',
  'phone: 123 4567 8901 ',
  'token,',
  'api_key',
  'password="',
  'GR1348941',
  'ops_eyJ',
  'AKIA',
  '１',
  '가',
  'a가',
  '"',
  '\\',
  '\n',
  ' ',
  '_',
  '~',
  'Q~',
  '1Q~',
  '|',
  '123456789012345|',
  '12345:A',
  'token: ',
  'secret=abc-',
  'facebook a1b2,',
];

const pad = (unit: string): string => unit.repeat(Math.ceil(MIB / unit.length)).slice(0, MIB);

/** CPU time of this thread in ms: other programs on the machine are not what is measured. */
const spent = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

/** Best of five, in ms: the machine's other work is not what is measured. */
function time(text: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 5; run += 1) {
    const start = spent();
    detect(text);
    best = Math.min(best, spent() - start);
  }
  return best;
}

const PROSE =
  'The quick brown fox jumps over the lazy dog; in 2024 it did so 1,024 times. Please write to alice@example.com or call 010-1234-5678. 모델을 골라 주세요. const x = compute(y, 42); // see docs/readme.md\n';

/** Rows of a Markdown table. */
export function measureSpeed(): string[] {
  for (const unit of [...HOSTILE, PROSE]) detect(pad(unit).slice(0, MIB / 16));
  const rows = [...HOSTILE].map((unit) => ({ unit, ms: time(pad(unit)) })).sort((a, b) => b.ms - a.ms);
  const lines = [`| mixed prose | 1 MiB | ${time(pad(PROSE)).toFixed(1)} ms | <= 20 ms |`];
  const random = createRandom(11);
  const noise = Array.from({ length: MIB }, () => String.fromCharCode(32 + Math.floor(random() * 95))).join('');
  lines.push(`| random printable ASCII | 1 MiB | ${time(noise).toFixed(1)} ms | <= 20 ms |`);
  for (const { unit, ms } of rows.slice(0, 12))
    lines.push(`| \`${JSON.stringify(unit).slice(1, -1).replaceAll('|', '\\|')}\` repeated | 1 MiB | ${ms.toFixed(1)} ms | <= 20 ms |`);
  lines.push(`| the other ${rows.length - 12} hostile texts | 1 MiB | <= ${(rows[12]?.ms ?? 0).toFixed(1)} ms | <= 20 ms |`);
  const small = pad(PROSE).slice(0, 4096);
  const times: number[] = [];
  for (let run = 0; run < 6000; run += 1) {
    const start = performance.now();
    detect(small);
    if (run >= 1000) times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(3);
  lines.push(`| mixed prose, p50 / p90 / p99 of 5,000, by the wall clock | 4 KB | ${at(0.5)} / ${at(0.9)} / ${at(0.99)} ms | p99 <= 0.1 ms |`);
  return lines;
}
