import type { TaskDecision } from '../../core/plan.ts';
import type { ClassifierInput } from '../text.ts';
import { type Classifier, decide, normalized } from './classifier.ts';
import { DEFAULT_KEYWORDS } from './default-keywords.ts';
import { createExampleScorer, exampleProbability } from './examples.ts';
import { createKeywordScanner, type KeywordRules } from './keywords.ts';

export interface ChainOptions {
  /** Decides between the built-in tasks. */
  readonly statistical: Classifier;
  /** `keywords` of routing.yaml. Words of the default table are known to the statistical classifier and do not count twice. */
  readonly keywords: KeywordRules;
  /** Example sentences per task. */
  readonly examples?: Readonly<Record<string, readonly string[]>>;
  /** How rare every n-gram is (`LinearWeights.rarity`): what the likeness to an example goes by. */
  readonly rarity?: Uint8Array;
  /** Below this confidence the task is the default one; 0-1. */
  readonly threshold?: number;
  readonly defaultTask?: string;
}

/** Measured on held-out sources: below it the most probable label is right in about three of ten (bench/results/classifier.md). */
export const DEFAULT_THRESHOLD = 0.35;

/** How far one user's keyword of weight 1 moves a task: the odds against it shrink by this factor. */
const KEYWORD_FACTOR = 0.25;

function ownKeywords(rules: KeywordRules): KeywordRules {
  const own: Record<string, KeywordRules[string]> = {};
  for (const [task, words] of Object.entries(rules)) {
    const known = new Set(DEFAULT_KEYWORDS[task] ?? []);
    const added = words.filter((word) => typeof word !== 'string' || !known.has(word));
    if (added.length > 0) own[task] = added;
  }
  return own;
}

/**
 * The classifier of the gateway: the statistical one decides, the user's own keywords and examples move its probabilities, and
 * below the threshold it abstains to the default task and says so (`by: 'default'`; the confidence is then the default task's).
 */
export function createClassifierChain(options: ChainOptions): Classifier {
  const { statistical, threshold = DEFAULT_THRESHOLD, defaultTask = 'analysis' } = options;
  const scanner = createKeywordScanner(ownKeywords(options.keywords));
  const scorer = createExampleScorer(options.examples ?? {}, options.rarity);

  function evidenceFor(input: ClassifierInput): Map<string, number> {
    const evidence = new Map<string, number>();
    for (const [task, weight] of scanner.scores(input.text)) evidence.set(task, KEYWORD_FACTOR ** weight);
    if (scorer.tasks.length > 0) {
      for (const [task, similarity] of scorer.similarities(input)) {
        const against = 1 - exampleProbability(similarity);
        if (against < 0.95) evidence.set(task, (evidence.get(task) ?? 1) * against);
      }
    }
    return evidence;
  }

  return {
    name: 'chain',
    classify(input): TaskDecision {
      const base = statistical.classify(input);
      const probabilities: Record<string, number> = { ...base.probabilities };
      for (const task of [...scanner.tasks, ...scorer.tasks]) probabilities[task] ??= 0;
      let by = base.by;
      const evidence = evidenceFor(input);
      if (evidence.size > 0) {
        const before = { ...probabilities };
        for (const [task, against] of evidence) probabilities[task] = 1 - (1 - (before[task] ?? 0)) * against;
        const others = Object.keys(probabilities).filter((task) => !evidence.has(task));
        const left = [...evidence.values()].reduce((product, against) => product * against, 1);
        for (const task of others) probabilities[task] = (before[task] ?? 0) * left;
      }
      const merged = normalized(probabilities);
      const decision = decide(merged, by);
      if (decision.task !== base.task) by = scanner.scores(input.text).has(decision.task) ? 'keywords' : 'examples';
      if (decision.confidence < threshold)
        return {
          task: defaultTask,
          confidence: merged[defaultTask] ?? 0,
          probabilities: merged,
          by: 'default',
        };
      return { ...decision, by };
    },
  };
}
