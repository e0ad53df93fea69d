import { bar, taskColor } from './charts.js';
import { byId, h, update } from './dom.js';
import { tasksOf } from './fleet.js';
import { language, number, t } from './i18n.js';
import { say, taskChip } from './parts.js';

/**
 * @typedef {object} Stats
 * @property {boolean} frozen
 * @property {Record<string, string>} leaders Task -> provider/model.
 * @property {readonly { task: string, model: string, answers: number, mean: number, ratings: number, rating: number | null }[]} learned
 * @property {{ entries: number, bytes: number, hits: number, misses: number }} cache
 */

/**
 * Model by task: what was expected, what is counted on now, and what it rests on.
 * @param {readonly import('./fleet.js').Profile[]} profiles
 * @param {Stats | undefined} stats Absent where the key may not read it.
 * @param {string} problem Why stats are absent.
 */
export function drawLearning(profiles, stats, problem) {
  const models = profiles.filter(({ enabled, capabilities }) => enabled && (capabilities.length === 0 || capabilities.includes('completion')));
  const shown = models.map(({ name, provider, quality, prior }) => ({ name, provider, quality, prior }));
  update(byId('learning-table'), JSON.stringify([language(), shown, stats?.learned, stats?.leaders]), () => {
    if (models.length === 0) return [];
    const tasks = tasksOf(models.map(({ quality }) => quality));
    return [
      h(
        'table',
        { class: 'heat' },
        h('caption', { class: 'hidden' }, t('learning.table')),
        h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('fleet.model')), ...tasks.map((task) => h('th', { scope: 'col' }, taskChip(task))))),
        h(
          'tbody',
          {},
          ...models.map((model) =>
            h(
              'tr',
              {},
              h('th', { scope: 'row' }, model.name, h('br'), h('small', {}, model.provider)),
              ...tasks.map((task) => cell(task, model, models, stats)),
            ),
          ),
        ),
      ),
    ];
  });
  const answers = stats?.learned.reduce((sum, row) => sum + row.answers, 0) ?? 0;
  const ratings = stats?.learned.reduce((sum, row) => sum + row.ratings, 0) ?? 0;
  const told =
    stats === undefined ? problem : answers + ratings === 0 ? t('learning.none') : t('learning.total', { answers: number(answers), ratings: number(ratings) });
  say(byId('learning-total'), stats?.frozen === true ? `${t('learning.frozen')} ${told}` : told);
}

/**
 * @param {string} task
 * @param {import('./fleet.js').Profile} model
 * @param {readonly import('./fleet.js').Profile[]} models
 * @param {Stats | undefined} stats
 */
function cell(task, model, models, stats) {
  const qualityOf = (/** @type {import('./fleet.js').Profile} */ { quality }) => quality[task] ?? quality['*'] ?? 0;
  const learned = qualityOf(model);
  const prior = model.prior?.[task] ?? model.prior?.['*'] ?? learned;
  const change = Math.round((learned - prior) * 10) / 10;
  const ref = `${model.provider}/${model.name}`;
  const leader = stats?.leaders[task];
  // Until a review names one, the best number leads.
  const leads = leader === undefined ? models.length > 1 && models.every((other) => other === model || qualityOf(other) < learned) : leader === ref;
  const row = stats?.learned.find((item) => item.task === task && item.model === ref);
  const td = h(
    'td',
    { class: 'num' },
    h('b', {}, number(learned, 1)),
    leads && h('span', { title: t('learning.leader') }, ' ★', h('span', { class: 'hidden' }, ` ${t('learning.leader')}`)),
    ' ',
    change === 0
      ? h('span', { class: 'same' }, '±0')
      : h('span', { class: change > 0 ? 'up' : 'down' }, `${change > 0 ? '▲' : '▼'} ${number(Math.abs(change), 1)}`),
    bar(learned / 100, taskColor(task), prior / 100),
    change !== 0 && h('small', {}, t('learning.cell', { prior: number(prior, 1), learned: number(learned, 1) })),
    row !== undefined && row.answers > 0 && h('small', {}, t('learning.answers', { count: number(row.answers) })),
    row !== undefined && row.rating !== null && h('small', {}, t('learning.rating', { value: number(row.rating, 1), count: number(row.ratings) })),
  );
  td.style.setProperty('--value', String(learned));
  return td;
}
