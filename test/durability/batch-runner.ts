import { writeSync } from 'node:fs';
import { openState } from '../../src/state/open-state.ts';

/* Runs the lines of a batch, ten at a time, prints `run <line>` for each it begins, and ends the batch. Usage: batch-runner.ts DIRECTORY BATCH */

const [directory = '', id = ''] = process.argv.slice(2);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const { batches, close } = await openState({ directory, log: silent, now: () => 1 });

for (let lines = await batches.claim(id, 10, 1e15, 1); lines.length > 0; lines = await batches.claim(id, 10, 1e15, 1)) {
  await Promise.all(
    lines.map(async ({ line, customId }) => {
      writeSync(1, `run ${line}\n`);
      await new Promise((resolve) => setTimeout(resolve, line % 5));
      const outcome = line % 10 === 0 ? 'failed' : 'completed';
      await batches.complete(id, [{ line, outcome, json: JSON.stringify({ custom_id: customId }) }]);
    }),
  );
}
writeSync(1, 'ending\n');
await batches.finalize(id, 'completed', 2);
await close();
