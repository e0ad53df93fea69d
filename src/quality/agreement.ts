import { type Claim, claimTexts, sharedClaims } from './claims.ts';
import { type Cluster, clustersOf } from './clusters.ts';
import { codeLikeness } from './code.ts';
import { finalAnswer } from './final-answer.ts';
import type { FinalAnswer } from './final-value.ts';
import { asChoice, choicesIn } from './options.ts';
import { isRefusal } from './signs.ts';
import { type Features, featuresOf, likeness } from './similarity.ts';
import { comparable } from './text.ts';

export interface Agreement {
  /**
   * 'closed': the answers end in something short (a number, an option, yes or no, a name, a date, a list) and are compared by it. 'code': programs,
   * compared by structure. 'open': prose, compared by claims.
   */
  readonly mode: 'closed' | 'code' | 'open';
  /** How far the answers agree, 0-1. Closed: mostly the share of the largest cluster. Code and open: how much they share. Sort by it to find doubtful questions. */
  readonly score: number;
  /** True when the score is high enough to go without a second opinion (closed 0.75, code 0.6, open 0.3 unless told otherwise). */
  readonly agreed: boolean;
  /** Mean likeness of all pairs of answers, 0-1. */
  readonly similarity: number;
  /** For each answer: share of the others that stand with it, 0-1; 0 for an empty answer and for a refusal. */
  readonly support: readonly number[];
  /** Largest first. Empty in open mode. */
  readonly clusters: readonly Cluster[];
  /** Claims that at least two answers make, most supported first. */
  readonly claims: readonly Claim[];
  /** Claims that a single answer makes. */
  readonly minority: readonly Claim[];
  /** True when sentences were compared by embeddings too. */
  readonly byMeaning: boolean;
}

export interface AgreementOptions {
  /** The question, where known: of one that offers choices, 'Canberra' is then the 'B' that it stands for. */
  readonly question?: string;
  /** Score from which closed answers count as agreed; 0.75. */
  readonly closedThreshold?: number;
  /** Score from which programs count as agreed; 0.6. */
  readonly codeThreshold?: number;
  /** Score from which open answers count as agreed; 0.3, about what two samples of one model on one question reach. */
  readonly openThreshold?: number;
  /** One embedding per sentence of `claimTexts(answers)`. */
  readonly vectors?: readonly (readonly (readonly number[])[])[];
}

/** Options with the question, where there is one. */
export const asked = (question: string | undefined): AgreementOptions => (question === undefined ? {} : { question });

/** Turns texts into vectors, in order. */
export type Embed = (texts: readonly string[]) => Promise<readonly (readonly number[])[]>;

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

type Common = Pick<Agreement, 'similarity' | 'claims' | 'minority' | 'byMeaning'>;

function closed(clusters: readonly Cluster[], voters: number, count: number, common: Common, threshold: number): Agreement {
  const sizes = clusters.map((cluster) => cluster.members.length);
  const top = (sizes[0] as number) / voters;
  const margin = ((sizes[0] as number) - (sizes[1] ?? 0)) / voters;
  // Two answers that share nothing still are a top share of a half; only the part above chance is agreement.
  const score = sizes[0] === 1 ? 0.05 * common.similarity : 0.9 * top + 0.05 * margin + 0.05 * common.similarity;
  const support = new Array<number>(count).fill(0);
  for (const { members } of clusters) for (const index of members) support[index] = (members.length - 1) / (voters - 1);
  return { mode: 'closed', score, agreed: score >= threshold, support, clusters, ...common };
}

/** Programs have no short answer to count: each is as well supported as the others are like it. */
function compareCode(finals: readonly (FinalAnswer | undefined)[], voters: number, common: Common, threshold: number): Agreement {
  const tokens = finals.map((final) => (final?.kind === 'code' ? final.value.split(' ') : undefined));
  const support = tokens.map((own, index) => {
    if (own === undefined) return 0;
    const alike = tokens.reduce((sum, other, at) => sum + (other === undefined || at === index ? 0 : codeLikeness(own, other)), 0);
    return alike / (voters - 1);
  });
  const score = support.reduce((sum, value) => sum + value, 0) / voters;
  return { mode: 'code', score, agreed: score >= threshold, support, clusters: [], ...common };
}

/**
 * How far several answers to one question agree, and on what. Empty answers do not take part; refusals and answers that come to nothing count as
 * voices for nobody. A pure function of the texts: rewards neither length nor layout. One answer alone agrees with nobody (score 0).
 */
export function agreement(answers: readonly string[], options: AgreementOptions = {}): Agreement {
  const all = sharedClaims(answers, options.vectors);
  const features = answers.map((answer) => (answer.trim() === '' ? undefined : featuresOf(comparable(answer))));
  const voters = features.filter((feature) => feature !== undefined).length;
  const { mean, each } = meanLikeness(features);
  const choices = choicesIn(options.question ?? '');
  const finals = answers.map((answer) => asChoice(finalAnswer(answer), choices, answer));
  const programs = finals.filter((final) => final?.kind === 'code').length;
  const common: Common = {
    similarity: mean,
    claims: all.filter((claim) => claim.supporters.length > 1),
    minority: all.filter((claim) => claim.supporters.length === 1),
    byMeaning: options.vectors !== undefined,
  };
  const isCode = programs * 2 > voters;
  const speaking = voters - answers.filter(isRefusal).length;
  const clusters = isCode ? [] : clustersOf(finals, speaking);
  if (voters < 2) {
    const mode = isCode ? 'code' : clusters.length > 0 ? 'closed' : 'open';
    return { mode, score: 0, agreed: false, support: answers.map(() => 0), clusters, ...common };
  }
  if (isCode) return compareCode(finals, voters, common, options.codeThreshold ?? 0.6);
  if (clusters.length > 0) return closed(clusters, voters, answers.length, common, options.closedThreshold ?? 0.75);
  const shared = claimSupport(all, answers.length);
  const support = features.map((feature, index) =>
    feature === undefined || isRefusal(answers[index] as string) ? 0 : 0.6 * (shared[index] as number) + 0.4 * (each[index] as number),
  );
  const score = support.reduce((sum, value) => sum + value, 0) / voters;
  return { mode: 'open', score, agreed: score >= (options.openThreshold ?? 0.3), support, clusters: [], ...common };
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
