import { type Claim, claimTexts, sharedClaims } from './claims.ts';
import { type FinalAnswer, finalAnswer, sameFinal } from './final-answer.ts';
import { type Features, featuresOf, likeness } from './similarity.ts';
import { comparable } from './text.ts';

/** Answers that end up with the same short answer. */
export interface Cluster {
  /** Canonical form of the short answer. */
  readonly value: string;
  /** Positions of the answers in it, ascending. */
  readonly members: readonly number[];
}

export interface Agreement {
  /** 'closed': the answers end in something short (a number, an option, yes or no, a name) and are compared by it. 'open': prose, compared by claims. */
  readonly mode: 'closed' | 'open';
  /** How far the answers agree, 0-1. Closed: mostly the share of the largest cluster. Open: shared claims and likeness. */
  readonly score: number;
  /** True when the score is high enough to go without a second opinion (closed 0.75, open 0.3 unless told otherwise). */
  readonly agreed: boolean;
  /** Mean likeness of all pairs of answers, 0-1. */
  readonly similarity: number;
  /** For each answer: share of the others that stand with it, 0-1; 0 for an empty answer. */
  readonly support: readonly number[];
  /** Largest first. Empty in open mode. */
  readonly clusters: readonly Cluster[];
  /** Claims that at least two answers make, most supported first. */
  readonly claims: readonly Claim[];
  /** Claims that a single answer makes. */
  readonly minority: readonly Claim[];
}

export interface AgreementOptions {
  /** Score from which closed answers count as agreed; 0.75. */
  readonly closedThreshold?: number;
  /** Score from which open answers count as agreed; 0.3, about what two samples of one model on one question reach. */
  readonly openThreshold?: number;
  /** One embedding per sentence of `claimTexts(answers)`. */
  readonly vectors?: readonly (readonly (readonly number[])[])[];
}

/** Turns texts into vectors, in order. */
export type Embed = (texts: readonly string[]) => Promise<readonly (readonly number[])[]>;

interface Building {
  readonly value: string;
  readonly finals: FinalAnswer[];
  readonly members: number[];
}

/**
 * Answers grouped by their short final answer, largest group first. Empty when they are open prose: when fewer than half of them have
 * a final answer that they mark as such, and the unmarked ones (last numbers) do not meet.
 */
export function clustersOf(answers: readonly string[]): Cluster[] {
  const finals = answers.map(finalAnswer);
  const voters = answers.filter((answer) => answer.trim() !== '').length;
  const groups: Building[] = [];
  finals.forEach((final, index) => {
    if (final === undefined) return;
    const group = groups.find(({ finals: members }) => members.some((member) => sameFinal(member, final)));
    if (group === undefined) groups.push({ value: final.value, finals: [final], members: [index] });
    else {
      group.finals.push(final);
      group.members.push(index);
    }
  });
  groups.sort((a, b) => b.members.length - a.members.length);
  const explicit = finals.filter((final) => final?.explicit === true).length;
  const largest = groups[0]?.members.length ?? 0;
  if (voters === 0 || (explicit * 2 < voters && largest * 2 <= voters)) return [];
  return groups.map(({ value, members }) => ({ value, members }));
}

function meanLikeness(features: readonly (Features | undefined)[]): { readonly mean: number; readonly each: number[] } {
  const each = features.map(() => 0);
  const present = features.flatMap((feature, index) => (feature === undefined ? [] : [{ feature, index }]));
  let total = 0;
  present.forEach((a, at) => {
    for (const b of present.slice(at + 1)) {
      const alike = likeness(a.feature, b.feature);
      total += alike;
      each[a.index] = (each[a.index] ?? 0) + alike;
      each[b.index] = (each[b.index] ?? 0) + alike;
    }
  });
  const pairs = (present.length * (present.length - 1)) / 2;
  const peers = Math.max(1, present.length - 1);
  return { mean: pairs === 0 ? 0 : total / pairs, each: each.map((sum) => sum / peers) };
}

/** Share of each answer's claims that somebody else makes too. */
function claimSupport(claims: readonly Claim[], count: number): number[] {
  const made = new Array<number>(count).fill(0);
  const shared = new Array<number>(count).fill(0);
  for (const { supporters } of claims) {
    for (const index of supporters) {
      made[index] = (made[index] ?? 0) + 1;
      if (supporters.length > 1) shared[index] = (shared[index] ?? 0) + 1;
    }
  }
  return made.map((all, index) => (all === 0 ? 0 : (shared[index] as number) / all));
}

/**
 * How far several answers to one question agree, and on what. Empty answers do not take part. A pure function of the texts:
 * rewards neither length nor layout. One answer alone agrees with nobody (score 0).
 */
export function agreement(answers: readonly string[], options: AgreementOptions = {}): Agreement {
  const all = sharedClaims(answers, options.vectors);
  const features = answers.map((answer) => (answer.trim() === '' ? undefined : featuresOf(comparable(answer))));
  const voters = features.filter((feature) => feature !== undefined).length;
  const { mean, each } = meanLikeness(features);
  const clusters = clustersOf(answers);
  const claims = all.filter((claim) => claim.supporters.length > 1);
  const minority = all.filter((claim) => claim.supporters.length === 1);
  const common = { similarity: mean, clusters, claims, minority };
  if (voters < 2) return { mode: clusters.length > 0 ? 'closed' : 'open', score: 0, agreed: false, support: answers.map(() => 0), ...common };
  if (clusters.length > 0) {
    const sizes = clusters.map((cluster) => cluster.members.length);
    const top = (sizes[0] as number) / voters;
    const margin = ((sizes[0] as number) - (sizes[1] ?? 0)) / voters;
    // Two answers that share nothing still are a top share of a half; only the part above chance is agreement.
    const lonely = sizes[0] === 1;
    const score = lonely ? 0.05 * mean : 0.9 * top + 0.05 * margin + 0.05 * mean;
    const support = answers.map(() => 0);
    for (const { members } of clusters) for (const index of members) support[index] = (members.length - 1) / (voters - 1);
    return { mode: 'closed', score, agreed: score >= (options.closedThreshold ?? 0.75), support, ...common };
  }
  const shared = claimSupport(all, answers.length);
  const support = features.map((feature, index) => (feature === undefined ? 0 : 0.6 * (shared[index] as number) + 0.4 * (each[index] as number)));
  const score = support.reduce((sum, value) => sum + value, 0) / voters;
  return { mode: 'open', score, agreed: score >= (options.openThreshold ?? 0.3), support, ...common };
}

/** `agreement` with sentences also compared by meaning. When embedding fails, the comparison goes on without it. */
export async function agreementByMeaning(answers: readonly string[], embed: Embed, options: AgreementOptions = {}): Promise<Agreement> {
  const texts = claimTexts(answers);
  const flat = texts.flat();
  if (flat.length === 0) return agreement(answers, options);
  let vectors: readonly (readonly number[])[];
  try {
    vectors = await embed(flat);
  } catch {
    return agreement(answers, options);
  }
  if (vectors.length !== flat.length) return agreement(answers, options);
  let from = 0;
  const nested = texts.map((sentences) => {
    const part = vectors.slice(from, from + sentences.length);
    from += sentences.length;
    return part;
  });
  return agreement(answers, { ...options, vectors: nested });
}
