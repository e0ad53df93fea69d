import type { RememberedAnswer } from '../state/records.ts';
import type { SharedStore } from './redis.ts';

/** How long an answer can be rated at another gateway than the one that gave it, s. Where it was given it can be rated for longer. */
const RATABLE_S = 3_600;

export interface SharedAnswers {
  /** Tells the others of answers given here; not waited for. */
  tell(answers: readonly RememberedAnswer[]): void;
  /** An answer that another gateway gave. */
  find(requestId: string): Promise<RememberedAnswer | undefined>;
  /** Takes the one vote of `voter` on an answer; false when it was cast at another gateway. True also while the store cannot say. */
  claim(requestId: string, voter: string): Promise<boolean>;
  /** Gives a vote back that could not be counted. */
  release(requestId: string, voter: string): void;
}

/** Ratings reach any gateway, whichever of them gave the answer, and still count once. */
export const createSharedAnswers = (store: SharedStore): SharedAnswers => ({
  tell(answers) {
    if (answers.length === 0) return;
    void store.run(async (client) => {
      const commands = client.pipeline();
      for (const answer of answers) commands.set(`given:${answer.requestId}`, JSON.stringify(answer), 'EX', RATABLE_S);
      await commands.exec();
    }, 1_000);
  },
  async find(requestId) {
    const text = await store.get(`given:${requestId}`);
    return text === undefined ? undefined : (JSON.parse(text) as RememberedAnswer);
  },
  async claim(requestId, voter) {
    return (await store.run((client) => client.set(`voted:${requestId}:${voter}`, '1', 'EX', 2 * RATABLE_S, 'NX'))) !== null;
  },
  release(requestId, voter) {
    void store.run((client) => client.del(`voted:${requestId}:${voter}`));
  },
});
