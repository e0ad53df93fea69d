import { BUILT_IN_TASKS, formatRef, type ModelProfile, type ModelRef } from '../core/model.ts';
import { distanceBetween } from '../core/nearest.ts';
import type { Combine } from '../core/plan.ts';

/** What a model name that a client sent means. */
export type Resolution =
  | { readonly kind: 'auto'; readonly task?: string }
  | { readonly kind: 'ensemble'; readonly combine: Combine }
  | { readonly kind: 'chain' }
  | { readonly kind: 'correct' }
  | { readonly kind: 'workflow'; readonly name: string }
  /** Replicas of one real model. */
  | { readonly kind: 'model'; readonly refs: readonly ModelRef[] }
  | { readonly kind: 'unknown'; readonly nearest: readonly string[] };

export interface NameSpace {
  readonly aliases: Readonly<Record<string, string>>;
  readonly profiles: readonly ModelProfile[];
  /** Names of the user's own tasks. */
  readonly tasks: readonly string[];
  readonly workflows: readonly string[];
}

const COMBINES: Readonly<Record<string, Combine>> = { '': 'synthesis', vote: 'vote', best: 'best', race: 'race', cascade: 'cascade' };
/** An alias may stand for an alias, but not round in circles. */
const MAX_ALIASES = 5;

/** A name as names are compared. */
export const normal = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/:latest$/, '');

/** A name without the host and namespace that Ollama puts before every name that says none. */
export const withoutDefaults = (name: string): string =>
  name
    .trim()
    .replace(/^[a-z]{1,16}:\/\//i, '')
    .replace(/^registry\.ollama\.ai\//i, '')
    .replace(/^library\//i, '');

/** Every virtual model there is, in the order of the lists. */
export const virtualNames = (space: Pick<NameSpace, 'tasks' | 'workflows'>): string[] => [
  'auto',
  ...new Set([...BUILT_IN_TASKS, ...space.tasks].map((task) => `auto:${task}`)),
  ...Object.keys(COMBINES).map((combine) => (combine === '' ? 'ensemble' : `ensemble:${combine}`)),
  'chain',
  'correct',
  ...space.workflows.map((name) => `workflow:${name}`),
];

/** Looks a name up: a real model first (a person's own model is never hidden), then virtual ones, then aliases. */
export function resolveName(written: string, space: NameSpace): Resolution {
  let name = written;
  if (/:local *$/i.test(written) && resolveOnce(written, space) === undefined) name = written.trim().slice(0, -':local'.length);
  const short = withoutDefaults(name);
  if (short !== name && resolveOnce(name, space) === undefined && resolveOnce(short, space)?.kind === 'model') name = short;
  for (let depth = 0; depth <= MAX_ALIASES; depth++) {
    const found = resolveOnce(name, space);
    if (found !== undefined) return found;
    const alias = aliasOf(name, space.aliases);
    if (alias === undefined) break;
    name = alias;
  }
  return { kind: 'unknown', nearest: nearest(written, space) };
}

function aliasOf(name: string, aliases: Readonly<Record<string, string>>): string | undefined {
  if (Object.hasOwn(aliases, name)) return aliases[name];
  const key = Object.keys(aliases).find((alias) => normal(alias) === normal(name));
  return key === undefined ? undefined : aliases[key];
}

function resolveOnce(written: string, space: NameSpace): Resolution | undefined {
  const name = normal(written);
  const refs = space.profiles.filter(({ ref }) => normal(ref.model) === name || normal(formatRef(ref)) === name).map(({ ref }) => ref);
  if (refs.length > 0) return { kind: 'model', refs };
  const colon = name.indexOf(':');
  const head = colon === -1 ? name : name.slice(0, colon);
  const rest = colon === -1 ? '' : name.slice(colon + 1);
  switch (head) {
    case '':
    case 'auto':
      if (rest === '') return { kind: 'auto' };
      return [...BUILT_IN_TASKS, ...space.tasks].includes(rest) ? { kind: 'auto', task: rest } : undefined;
    case 'ensemble': {
      const combine = Object.hasOwn(COMBINES, rest) ? COMBINES[rest] : undefined;
      return combine === undefined ? undefined : { kind: 'ensemble', combine };
    }
    case 'chain':
    case 'correct':
      return rest === '' ? { kind: head } : undefined;
    case 'workflow': {
      const workflow = space.workflows.find((candidate) => candidate.toLowerCase() === rest);
      return workflow === undefined ? undefined : { kind: 'workflow', name: workflow };
    }
    default:
      return undefined;
  }
}

/** Share of a name that may be written otherwise for it to be what somebody meant. */
const TYPO_SHARE = 0.4;

/** The names closest to what was written, at most three; none when nothing is near. */
function nearest(written: string, space: NameSpace): string[] {
  const wanted = normal(written).slice(0, 100);
  const names = new Set([...space.profiles.map(({ ref }) => ref.model), ...virtualNames(space), ...Object.keys(space.aliases)]);
  return [...names]
    .filter((name) => normal(name) !== wanted)
    .map((name) => ({ name, distance: distanceBetween(wanted, normal(name).slice(0, 100)) }))
    .filter(({ distance }) => distance <= wanted.length * TYPO_SHARE)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}
