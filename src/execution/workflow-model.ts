import type { AnswerForm } from './prompts.ts';

/** One step of a workflow, checked. */
export interface WorkflowStep extends AnswerForm {
  readonly id: string;
  /** What the router is asked for: a model, 'auto', 'auto:code'. Absent for a step that only puts text together. */
  readonly model: string;
  /** Goes to the model. A step has this or `template`. */
  readonly prompt?: string;
  /** Is the result, filled in; no model is asked. */
  readonly template?: string;
  /** Runs once per item: of this list, or of the list that the step named here wrote. */
  readonly forEach?: readonly string[] | { readonly step: string };
  /** Items at once: as many as allowed (true), one after the other (false), or this many. */
  readonly parallel: boolean | number;
  /** Put around each result; `{{result}}` stands for it. */
  readonly wrap?: string;
  /** Steps that must be done before, named or used. */
  readonly needs: readonly string[];
}

export interface Workflow {
  readonly name: string;
  readonly description: string;
  /** In an order in which each comes after what it needs. */
  readonly steps: readonly WorkflowStep[];
  /** The step whose result is the answer. */
  readonly output: string;
}

/** Most steps of one workflow, and most items of one step. */
export const MAX_STEPS = 40;
export const MAX_ITEMS = 12;

/** Everything wrong with workflow files, one problem a line, each with file and line. */
export class WorkflowError extends Error {
  override readonly name = 'WorkflowError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

const VARIABLE = /\{\{\s*([^{}]{1,120}?)\s*\}\}/g;

/** The names between double braces. */
export const variablesIn = (template: string): string[] => [...template.matchAll(VARIABLE)].map((match) => match[1] as string);

/** The items of a list that a model wrote: a JSON array, numbered or dashed lines, headings, or else its lines. At most `MAX_ITEMS`. */
export function itemsIn(text: string, parsed: readonly unknown[]): string[] {
  const array =
    parsed.find((value) => Array.isArray(value)) ??
    parsed.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value).filter(Array.isArray) : []))[0];
  const strings = Array.isArray(array)
    ? array.flatMap((item: unknown) => {
        if (typeof item === 'string') return [item];
        const inner = typeof item === 'object' && item !== null ? Object.values(item).find((value) => typeof value === 'string') : undefined;
        return inner === undefined ? [] : [inner];
      })
    : [];
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('```'));
  const mark = /^(?:#{1,6}\s+|[-*+•]\s+|\(?\d{1,2}[.)]\s+)/;
  const marked = lines.filter((line) => mark.test(line));
  const chosen = strings.length > 0 ? strings : marked.length > 0 ? marked : lines.filter((line) => !line.trim().endsWith(':'));
  const clean = chosen
    .map((line) =>
      line
        .trim()
        .replace(mark, '')
        .replace(/\*\*|`/g, '')
        .trim()
        .slice(0, 300),
    )
    .filter((line) => line !== '');
  return [...new Set(clean)].slice(0, MAX_ITEMS);
}
