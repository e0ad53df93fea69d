/**
 * Measures the masker: recall and precision on labelled texts, secrets by rule samples and literal lists, texts that hold
 * nothing, and speed. Prints a Markdown report.
 *
 *   node bench/masker.ts --presidio DIR --gitleaks DIR --prompts FILE.jsonl --code DIR[,DIR...] [--samples FILE.json]
 *
 * DIR for presidio is a checkout of microsoft/presidio-research, for gitleaks one of gitleaks/gitleaks; both are only read.
 * The samples are a JSON array of { rule, texts }, made from the rules' regular expressions by fast-check's stringMatching.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { detect } from '../src/privacy/detect.ts';
import { benignSets } from './masker-benign.ts';
import { measureSpeed } from './masker-speed.ts';

const { values: options } = parseArgs({
  options: {
    presidio: { type: 'string' },
    gitleaks: { type: 'string' },
    prompts: { type: 'string' },
    code: { type: 'string' },
    samples: { type: 'string' },
    quick: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

const KINDS: Readonly<Record<string, string>> = {
  EMAIL_ADDRESS: 'email',
  PHONE_NUMBER: 'phone',
  CREDIT_CARD: 'card',
  US_SSN: 'ssn',
  IBAN_CODE: 'iban',
  IP_ADDRESS: 'ip',
};

interface Labelled {
  readonly full_text: string;
  readonly spans: readonly { readonly entity_type: string; readonly start_position: number; readonly end_position: number }[];
}

const percent = (part: number, whole: number): string => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(2)} %`);
const say = (line = ''): void => console.log(line);
const detail = (line: string): void => {
  if (options.verbose) console.error(line);
};

function presidio(directory: string): void {
  say('## Labelled texts (presidio-research)\n\n| file | kind | found | of | recall | precision of all findings |\n|---|---|---:|---:|---:|---:|');
  for (const file of ['data/synth_dataset_v2.json', 'tests/data/generated_large.json']) {
    const texts = JSON.parse(readFileSync(join(directory, file), 'utf8')) as Labelled[];
    const total = new Map<string, number>();
    const found = new Map<string, number>();
    let findings = 0;
    let right = 0;
    for (const { full_text: text, spans } of texts) {
      const result = detect(text);
      const wanted = spans.filter((span) => KINDS[span.entity_type] !== undefined);
      for (const span of wanted) {
        const kind = KINDS[span.entity_type] as string;
        total.set(kind, (total.get(kind) ?? 0) + 1);
        const hit = result.some(({ start, end }) => start < span.end_position && end > span.start_position);
        if (hit) found.set(kind, (found.get(kind) ?? 0) + 1);
        else detail(`missed ${kind}: ${JSON.stringify(text.slice(Math.max(0, span.start_position - 40), span.end_position + 15))}`);
      }
      for (const { start, end, kind } of result) {
        findings += 1;
        if (wanted.some((span) => start < span.end_position && end > span.start_position)) right += 1;
        else detail(`extra ${kind}: ${JSON.stringify(text.slice(Math.max(0, start - 25), end + 15))}`);
      }
    }
    for (const [kind, count] of total) {
      say(`| ${file} | ${kind} | ${found.get(kind) ?? 0} | ${count} | ${percent(found.get(kind) ?? 0, count)} | ${percent(right, findings)} |`);
    }
  }
}

/** String literals that stand alone in the `tps` and `fps` lists of gitleaks' rule files. */
function literals(source: string, name: string): string[] {
  const texts: string[] = [];
  for (const list of source.matchAll(new RegExp(`\\b${name}\\s*:?=\\s*(?:append\\(${name},|\\[\\]string\\{)`, 'g'))) {
    let depth = 1;
    let alone = true;
    let literal: string | undefined;
    for (let at = list.index + list[0].length; at < source.length && depth > 0; at += 1) {
      const character = source.charAt(at);
      if (source.startsWith('//', at)) at = source.indexOf('\n', at);
      else if (character === '`') {
        const end = source.indexOf('`', at + 1);
        literal = source.slice(at + 1, end);
        at = end;
      } else if (character === '"') {
        let end = at + 1;
        while (source.charAt(end) !== '"') end += source.charAt(end) === '\\' ? 2 : 1;
        literal = JSON.parse(source.slice(at, end + 1).replaceAll('\\x60', '`')) as string;
        at = end;
      } else if ('{(['.includes(character)) depth += 1;
      else if ('})]'.includes(character)) depth -= 1;
      if ((character === ',' && depth === 1) || depth === 0) {
        if (literal !== undefined && alone) texts.push(literal);
        literal = undefined;
        alone = true;
      } else if (/[+\w(]/.test(character) && '`"'.indexOf(character) === -1) alone = false;
    }
  }
  return texts;
}

function gitleaks(directory: string): void {
  const rules = join(directory, 'cmd/generate/config/rules');
  const sources = readdirSync(rules).map((file) => readFileSync(join(rules, file), 'utf8'));
  say('\n## Secrets (gitleaks)\n\n| set | touched | of | share | goal |\n|---|---:|---:|---:|---|');
  for (const [name, goal] of [
    ['tps', 'literal positives, >= 90 %'],
    ['fps', 'literal negatives, <= 5 %'],
  ] as const) {
    const texts = sources.flatMap((source) => literals(source, name));
    const touched = texts.filter((text) => detect(text).length > 0);
    for (const text of texts) if (touched.includes(text) === (name === 'fps')) detail(`${name}: ${text.slice(0, 160)}`);
    say(`| ${name} | ${touched.length} | ${texts.length} | ${percent(touched.length, texts.length)} | ${goal} |`);
    if (name === 'fps') {
      const rest = touched.filter((text) => !/^AIza[\w-]{35}$/.test(text));
      say(`| fps without the bare Google keys it exempts by value | ${rest.length} | ${texts.length} | ${percent(rest.length, texts.length)} | |`);
    }
  }
}

function ruleSamples(file: string): void {
  const rules = JSON.parse(readFileSync(file, 'utf8')) as { rule: string; texts: string[] }[];
  let touched = 0;
  let all = 0;
  let most = 0;
  for (const { rule, texts } of rules) {
    const hits = texts.filter((text) => detect(text).length > 0).length;
    touched += hits;
    all += texts.length;
    if (hits >= texts.length * 0.9) most += 1;
    else detail(`rule ${rule}: ${hits}/${texts.length} ${JSON.stringify(texts.find((text) => detect(text).length === 0))}`);
  }
  say(`| rule samples | ${touched} | ${all} | ${percent(touched, all)} | >= 95 % |`);
  say(`| rules with >= 90 % of their samples touched | ${most} | ${rules.length} | ${percent(most, rules.length)} | >= 95 % |`);
}

function benign(): void {
  say('\n## Texts that hold nothing\n\n| set | altered | of | share | goal |\n|---|---:|---:|---:|---|');
  const sets = benignSets({ prompts: options.prompts, code: options.code?.split(',') ?? [] });
  for (const { name, goal, texts } of sets) {
    let altered = 0;
    for (const text of texts) {
      const findings = detect(text);
      if (findings.length === 0) continue;
      altered += 1;
      const first = findings[0];
      if (first !== undefined) detail(`${name}: ${first.kind} ${JSON.stringify(text.slice(Math.max(0, first.start - 40), first.end + 20))}`);
    }
    say(`| ${name} | ${altered} | ${texts.length} | ${percent(altered, texts.length)} | ${goal} |`);
  }
}

say('# Masker\n');
if (options.presidio !== undefined) presidio(options.presidio);
if (options.gitleaks !== undefined) gitleaks(options.gitleaks);
if (options.samples !== undefined) ruleSamples(options.samples);
benign();
if (!options.quick) {
  say('\n## Speed\n\n| text | size | time | goal |\n|---|---:|---:|---|');
  for (const line of measureSpeed()) say(line);
}
