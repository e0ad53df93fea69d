import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import type { Config } from './config.ts';
import type { ChatRequest } from './core/chat.ts';
import type { Classified } from './gateway.ts';
import { createClassifierChain } from './policy/classifiers/chain.ts';
import { createKeywordClassifier } from './policy/classifiers/keywords.ts';
import { createLinearClassifier, loadWeights } from './policy/classifiers/linear.ts';
import { estimateComplexity } from './policy/complexity.ts';
import { detectLanguage } from './policy/language.ts';
import { readRequest } from './policy/text.ts';

/** Decisions remembered by what they were made of. */
const REMEMBERED = 1_000;

const WEIGHTS = new URL('./policy/classifiers/task-weights.bin', import.meta.url);

/** The trained classifier with the user's keywords and examples over it. Reads the weights once; `of` is cheap to call again on reload. */
export async function composeClassifier(): Promise<{ of(config: Config): (request: ChatRequest) => Classified }> {
  const weights = await readFile(WEIGHTS).then(loadWeights, () => undefined);
  const statistical = weights === undefined ? undefined : createLinearClassifier(weights);
  return {
    of(config) {
      const { keywords, examples, classifier, default_task } = config.routing;
      const chain = createClassifierChain({
        statistical: statistical ?? createKeywordClassifier(keywords),
        keywords,
        examples,
        ...(weights !== undefined && { rarity: weights.rarity }),
        threshold: classifier.threshold,
        defaultTask: default_task,
      });
      // Every step of an agent's loop, and every retry, brings the same last turn of a person again.
      const known = new LRUCache<string, Classified>({ max: REMEMBERED });
      return (request) => {
        const input = readRequest(request.messages);
        const key = hash('sha1', `${input.text}\n${input.context}\n${JSON.stringify(input.evidence)}`, 'base64url');
        const before = known.get(key);
        if (before !== undefined) return before;
        const language = detectLanguage(input.text);
        const classified = { decision: chain.classify({ ...input, language }), language, complexity: estimateComplexity(input) };
        known.set(key, classified);
        return classified;
      };
    },
  };
}
