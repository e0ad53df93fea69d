import { jsonIn } from './members-json.ts';

const ASPECTS = ['facts', 'logic', 'completeness'] as const;

export type Aspect = (typeof ASPECTS)[number];

/** What a checker found. */
export interface Verdict {
  readonly passed: boolean;
  readonly problems: readonly { readonly aspect: Aspect; readonly text: string }[];
}

const ASPECT_SCHEMA = {
  type: 'object',
  properties: { ok: { type: 'boolean' }, problems: { type: 'array', items: { type: 'string' }, maxItems: 5 } },
  required: ['ok', 'problems'],
  additionalProperties: false,
} as const;

export const VERDICT_SCHEMA = {
  type: 'object',
  properties: { facts: ASPECT_SCHEMA, logic: ASPECT_SCHEMA, completeness: ASPECT_SCHEMA },
  required: ASPECTS,
  additionalProperties: false,
} as const;

const MAX_PROBLEMS = 5;
const MAX_PROBLEM_CHARS = 400;

function toVerdict(value: unknown): Verdict | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const problems: { aspect: Aspect; text: string }[] = [];
  for (const aspect of ASPECTS) {
    const part = (value as Record<string, unknown>)[aspect];
    if (typeof part !== 'object' || part === null) return undefined;
    const { ok, problems: listed } = part as { ok?: unknown; problems?: unknown };
    if (typeof ok !== 'boolean') return undefined;
    if (ok) continue;
    const texts = Array.isArray(listed) ? listed.filter((text): text is string => typeof text === 'string' && text.trim() !== '') : [];
    for (const text of texts.slice(0, MAX_PROBLEMS)) problems.push({ aspect, text: text.trim().slice(0, MAX_PROBLEM_CHARS) });
    if (texts.length === 0) problems.push({ aspect, text: `The ${aspect} of the answer do not hold.` });
  }
  return { passed: problems.length === 0, problems };
}

/**
 * The verdict in a checker's reply: the last JSON object that has all three aspects, so that one quoted from the checked answer does not
 * count. Undefined when there is none: a reply without a verdict is no verdict.
 */
export const verdictIn = (reply: string): Verdict | undefined =>
  jsonIn(reply)
    .map(toVerdict)
    .findLast((verdict) => verdict !== undefined);
