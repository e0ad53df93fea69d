import { readFile } from 'node:fs/promises';
import type { Config } from './config.ts';
import type { ChatRequest } from './core/chat.ts';
import type { Classified } from './gateway.ts';
import { createClassifierChain } from './policy/classifiers/chain.ts';
import { createKeywordClassifier } from './policy/classifiers/keywords.ts';
import { createLinearClassifier, loadWeights } from './policy/classifiers/linear.ts';
import { estimateComplexity } from './policy/complexity.ts';
import { detectLanguage } from './policy/language.ts';
import { readRequest } from './policy/text.ts';

const WEIGHTS = new URL('./policy/classifiers/task-weights.bin', import.meta.url);

/** The trained classifier with the user's keywords and examples over it. Reads the weights once; `of` is cheap to call again on reload. */
export async function composeClassifier(): Promise<{ of(config: Config): (request: ChatRequest) => Classified }> {
  const statistical = await readFile(WEIGHTS).then(
    (bytes) => createLinearClassifier(loadWeights(bytes)),
    () => undefined,
  );
  return {
    of(config) {
      const { keywords, examples, classifier, default_task } = config.routing;
      const chain = createClassifierChain({
        statistical: statistical ?? createKeywordClassifier(keywords),
        keywords,
        examples,
        threshold: classifier.threshold,
        defaultTask: default_task,
      });
      return (request) => {
        const input = readRequest(request.messages);
        const language = detectLanguage(input.text);
        return { decision: chain.classify({ ...input, language }), language, complexity: estimateComplexity(input) };
      };
    },
  };
}
