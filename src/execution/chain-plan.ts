import { jsonIn } from './members-json.ts';

/** Fewest and most parts a question is split into. */
export const LEAST_PARTS = 3;
export const MOST_PARTS = 5;
const MAX_PART_CHARS = 600;

export const PLAN_SCHEMA = {
  type: 'object',
  properties: { questions: { type: 'array', items: { type: 'string' }, minItems: LEAST_PARTS, maxItems: MOST_PARTS } },
  required: ['questions'],
  additionalProperties: false,
} as const;

function listIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const list = Array.isArray(value) ? value : ((value as Record<string, unknown>)['questions'] ?? Object.values(value).find(Array.isArray));
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown) => {
    if (typeof item === 'string') return [item];
    const inner = typeof item === 'object' && item !== null ? Object.values(item).find((part) => typeof part === 'string') : undefined;
    return inner === undefined ? [] : [inner];
  });
}

/**
 * The parts a planner named: from JSON where it gave some, else from a numbered or dashed list, else from lines that are questions.
 * Duplicates are gone, at most five stay. Fewer than two are no split: then it is empty.
 */
export function partsIn(reply: string): string[] {
  let parts =
    jsonIn(reply)
      .map(listIn)
      .findLast((list) => list.length > 1) ?? [];
  if (parts.length === 0) {
    const lines = reply.split('\n').map((line) => line.trim());
    const listed = lines.filter((line) => /^(?:[-*•]|\(?\d{1,2}[.)])\s+\S/.test(line)).map((line) => line.replace(/^(?:[-*•]|\(?\d{1,2}[.)])\s+/, ''));
    parts = listed.length > 1 ? listed : lines.filter((line) => /[?？]$|(?:까|나요|가요)[.?]?$/.test(line));
  }
  const clean = parts
    .map((part) =>
      part
        .replace(/\s+/g, ' ')
        .replace(/^\*\*|\*\*$/g, '')
        .trim()
        .slice(0, MAX_PART_CHARS),
    )
    .filter((part) => part.length > 3);
  const distinct = [...new Set(clean)].slice(0, MOST_PARTS);
  return distinct.length < 2 ? [] : distinct;
}
