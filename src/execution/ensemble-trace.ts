import type { Usage } from '../core/chat.ts';
import { formatRef, type ModelRef } from '../core/model.ts';
import type { Combine } from '../core/plan.ts';
import { type Agreement, agreement } from '../quality/agreement.ts';
import type { Claim } from '../quality/claims.ts';
import { confidenceFrom, trusts } from '../quality/confidence.ts';
import { type Features, featuresOf } from '../quality/similarity.ts';
import { soundness } from '../quality/soundness.ts';
import { comparable } from '../quality/text.ts';
import type { Vectors } from './meaning.ts';
import type { MemberAnswer, MemberOutcome } from './members.ts';

export interface MemberTrace {
  readonly model: string;
  readonly provider: string;
  readonly seconds: number;
  readonly tokens?: number;
  readonly outcome: MemberOutcome;
  readonly attempts: number;
  /** 0-100 by length, structure, examples, likeness; absent without an answer. */
  readonly confidence?: number;
  /** 0-100 led by agreement; rewards no length. */
  readonly trust?: number;
  readonly message?: string;
}

export interface ClaimTrace {
  readonly text: string;
  /** 'provider/model' of the members that make it. */
  readonly supporters: readonly string[];
  readonly share: number;
}

export interface EnsembleTrace {
  readonly strategy: `ensemble:${Combine}` | 'ensemble:single';
  readonly members: readonly MemberTrace[];
  /** 0-1. */
  readonly agreement: number;
  readonly agreed: boolean;
  readonly mode: Agreement['mode'];
  /** What sentences were compared by; embeddings only in open mode and where the fleet has a model for them. */
  readonly comparedBy: 'embeddings' | 'n-grams';
  /** Of the answer given, 0-100, as for members. */
  readonly confidence: number;
  readonly trust: number;
  /** True when the answer is less than was asked for: members missing, quorum not met, judge or strong model failed. */
  readonly degraded: boolean;
  /** What made it degraded, in words. */
  readonly reasons: readonly string[];
  /** Who wrote the answer: a member, the judge, or the strong model. */
  readonly answeredBy: string;
  readonly judge?: { readonly model: string; readonly seconds: number; readonly outcome: string };
  readonly claims: readonly ClaimTrace[];
  readonly minority: readonly ClaimTrace[];
  readonly usage: Usage;
  readonly calls: number;
}

/** Claims shown in a trace; more would make it longer than the answer. */
const MOST_CLAIMS = 20;

/** The members' answers weighed against each other. */
export interface Weighed {
  /** The members that answered. */
  readonly given: readonly MemberAnswer[];
  readonly texts: readonly string[];
  readonly found: Agreement;
  /** Soundness of each of `given`, 0-100. */
  readonly sound: readonly number[];
  /** Trust of each of `given`, 0-100. */
  readonly trust: readonly number[];
  readonly features: readonly Features[];
  /** Of all members, those without an answer too. */
  readonly traces: readonly MemberTrace[];
}

/** `vectors`, where given, hold one embedding per sentence of the answers that came. */
export function weigh(members: readonly MemberAnswer[], question: string, vectors?: Vectors): Weighed {
  const given = members.filter(({ outcome }) => outcome === 'ok');
  const texts = given.map(({ text }) => text);
  const found = agreement(texts, { question, ...(vectors !== undefined && { vectors }) });
  const sound = texts.map((text) => soundness(text, question).score);
  const trust = trusts(texts, question, found, sound);
  const features = texts.map((text) => featuresOf(comparable(text)));
  return { given, texts, found, sound, trust, features, traces: members.map((member) => toMember(member, given.indexOf(member), features, trust)) };
}

const round = (value: number): number => Math.round(value * 1_000) / 1_000;

function toClaim(claim: Claim, given: readonly MemberAnswer[]): ClaimTrace {
  const names = claim.supporters.map((index) => {
    const member = given[index];
    return member === undefined ? '' : formatRef(member.target);
  });
  return { text: claim.text, supporters: [...new Set(names)], share: round(claim.share) };
}

/** The trace of a member; `at` is its place among those that answered, or -1. */
function toMember(member: MemberAnswer, at: number, features: readonly Features[], trust: readonly number[]): MemberTrace {
  const own = features[at];
  return {
    model: member.target.model,
    provider: member.target.provider,
    seconds: round(member.seconds),
    outcome: member.outcome,
    attempts: member.attempts,
    ...(member.tokens !== undefined && { tokens: member.tokens }),
    ...(own !== undefined && { confidence: confidenceFrom(member.text, own, features.toSpliced(at, 1)), trust: trust[at] as number }),
    ...(member.message !== undefined && { message: member.message }),
  };
}

export function toTrace(options: {
  readonly strategy: EnsembleTrace['strategy'];
  readonly weighed: Weighed;
  readonly text: string;
  readonly question: string;
  readonly answeredBy: ModelRef;
  readonly reasons: readonly string[];
  readonly judge?: EnsembleTrace['judge'];
  readonly usage: Usage;
  readonly calls: number;
}): EnsembleTrace {
  const { weighed, text, judge } = options;
  const { given, features, found } = weighed;
  const own = given.findIndex((member) => member.text === text);
  return {
    strategy: options.strategy,
    members: weighed.traces,
    agreement: round(found.score),
    agreed: found.agreed,
    mode: found.mode,
    comparedBy: found.byMeaning ? 'embeddings' : 'n-grams',
    confidence: confidenceFrom(text, features[own] ?? featuresOf(comparable(text)), own === -1 ? features : features.toSpliced(own, 1)),
    trust: own === -1 ? Math.round(80 * found.score + 0.2 * soundness(text, options.question).score) : (weighed.trust[own] as number),
    degraded: options.reasons.length > 0,
    reasons: options.reasons,
    answeredBy: formatRef(options.answeredBy),
    ...(judge !== undefined && { judge }),
    claims: found.claims.slice(0, MOST_CLAIMS).map((claim) => toClaim(claim, given)),
    minority: found.minority.slice(0, MOST_CLAIMS).map((claim) => toClaim(claim, given)),
    usage: options.usage,
    calls: options.calls,
  };
}
