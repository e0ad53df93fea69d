import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { saveWeights } from '../src/policy/classifiers/linear.ts';
import { LABELS, readTaskDev } from './data.ts';
import { findTemperature, leaveSourcesOut } from './evaluate.ts';
import { quantize } from './logistic.ts';
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
const temperature = findTemperature(leaveSourcesOut(prepared, readTaskDev(values.shared), Number(values.folds), SETTINGS.seed));
const bytes = saveWeights(
  quantize(
    train(prepared, () => true, SETTINGS.seed, RECIPE, true),
    LABELS,
    temperature,
  ),
);
writeFileSync(values.out, bytes);
console.log(
  JSON.stringify({
    rows: prepared.rows.length,
    temperature: Number(temperature.toFixed(3)),
    bytes: bytes.length,
  }),
);
