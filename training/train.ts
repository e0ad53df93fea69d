import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLinearClassifier, saveWeights } from '../src/policy/classifiers/linear.ts';
import { readPrompt } from '../src/policy/text.ts';
import { LABELS, readTaskDev } from './data.ts';
import { CAUTION, figures, findTemperature, leaveSourcesOut } from './evaluate.ts';
import { packFeatures, quantize, rarityOf, scoresOf } from './logistic.ts';
import { prepare, RECIPE, SETTINGS, train } from './prepare.ts';

/** Trains on everything and writes src/policy/classifiers/task-weights.bin; the temperature comes from held-out sources. */
const { values } = parseArgs({
  options: {
    shared: { type: 'string', default: SETTINGS.shared },
    out: {
      type: 'string',
      default: join(import.meta.dirname, '../src/policy/classifiers/task-weights.bin'),
    },
    folds: { type: 'string', default: '6' },
  },
});
const prepared = await prepare({ ...SETTINGS, shared: values.shared });
const heldOut = leaveSourcesOut(prepared, readTaskDev(values.shared), Number(values.folds), SETTINGS.seed);
const temperature = CAUTION * findTemperature(heldOut);
const model = train(prepared, () => true, SETTINGS.seed, RECIPE, true);
const written = prepared.rows.flatMap((row, i) => (row.source === 'corpus' ? [i] : []));
const weights = quantize(model, LABELS, temperature, rarityOf(prepared.matrix, written));
const bytes = saveWeights(weights);
const classifier = createLinearClassifier(weights);
const judged = readTaskDev(values.shared).map((row) => ({ label: row.label, input: readPrompt(row.text) }));
const matrix = packFeatures(judged.map(({ input }) => input));
const labels = judged.map(({ input }) => classifier.classify(input).task);
const same = labels.filter((label, i) => {
  const scores = scoresOf(model, matrix, i);
  return label === LABELS[scores.indexOf(Math.max(...scores))];
}).length;
writeFileSync(values.out, bytes);
const { confusion, ...rest } = figures(heldOut);
console.log('sources held out', JSON.stringify(rest, null, 1));
console.log(confusion.map((line) => line.join('\t')).join('\n'));
console.log(
  JSON.stringify({
    rows: prepared.rows.length,
    temperature: Number(temperature.toFixed(3)),
    bytes: bytes.length,
    sameLabelIn8Bits: Number((same / judged.length).toFixed(4)),
    accuracyOnItsOwnTrainingPrompts: Number((labels.filter((label, i) => label === judged[i]?.label).length / judged.length).toFixed(4)),
  }),
);
