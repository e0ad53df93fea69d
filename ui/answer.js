import { bar, stacked, taskColor } from './charts.js';
import { h } from './dom.js';
import { duration, number, percent, t, taskName } from './i18n.js';
import { facts, legend, taskChip } from './parts.js';
import { prose } from './prose.js';

/**
 * @typedef {object} Route What the headers and the stream told of an answer.
 * @property {string} id
 * @property {Record<string, string>} headers `x-orchestrator-*` without that prefix.
 * @property {number} [firstMs]
 * @property {number} [totalMs]
 * @property {number} [tokens]
 */

/** The route headers of an answer. @param {Headers} headers */
export const routeHeaders = (headers) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('x-orchestrator-')).map(([name, value]) => [name.slice('x-orchestrator-'.length), value]));

/** @param {string} [outcome] */
const cacheName = (outcome) => (outcome === 'hit' || outcome === 'miss' || outcome === 'bypass' ? t(`cache.${outcome}`) : (outcome ?? ''));

/**
 * How an answer came about.
 * @param {Route} route
 */
export function routeFacts({ id, headers, firstMs, totalMs, tokens }) {
  const writing = (totalMs ?? 0) - (firstMs ?? 0);
  /** @type {[string, import('./dom.js').Child, string?][]} */
  const items = [];
  if (headers.model) items.push([t('route.model'), headers.model]);
  if (headers.provider) items.push([t('route.provider'), headers.provider]);
  if (headers.task) items.push([t('route.task'), taskChip(headers.task)]);
  if (headers.confidence) items.push([t('route.confidence'), percent(Number(headers.confidence))]);
  if (headers.strategy) items.push([t('route.strategy'), headers.strategy]);
  if (headers.cache) items.push([t('route.cache'), cacheName(headers.cache)]);
  if (headers.attempts) items.push([t('route.attempts'), headers.attempts]);
  if (firstMs !== undefined) items.push([t('route.first'), duration(firstMs)]);
  if (totalMs !== undefined) items.push([t('route.time'), duration(totalMs)]);
  if (tokens !== undefined && tokens > 1 && writing > 1)
    items.push([t('route.speed'), t('fleet.tokens', { value: number((tokens - 1) / (writing / 1000), 1) })]);
  if (headers.reason) items.push([t('route.reason'), h('span', { lang: 'en' }, headers.reason), 'whole']);
  if (id !== '') items.push([t('route.id'), h('code', {}, id), 'whole']);
  return h('div', { id: 'route', role: 'group', 'aria-label': t('route.title') }, facts(items));
}

/**
 * Five buttons; `rate` stores what was pressed and tells what to say.
 * @param {(value: number) => Promise<string>} rate
 */
export function ratingButtons(rate) {
  const said = h('span', { role: 'status', class: 'dim' });
  const buttons = [1, 2, 3, 4, 5].map((value) =>
    h(
      'button',
      {
        type: 'button',
        'aria-pressed': 'false',
        'aria-label': t('rate.one', { value }),
        onclick: async () => {
          said.textContent = await rate(value);
          for (const [index, button] of buttons.entries()) button.setAttribute('aria-pressed', String(index + 1 === value));
        },
      },
      value,
    ),
  );
  return h('div', { class: 'stars', id: 'rating', role: 'group', 'aria-label': t('rate.title') }, h('span', {}, t('rate.title')), ...buttons, said);
}

/**
 * @typedef {object} Compared
 * @property {string} model
 * @property {string} provider
 * @property {string} text
 * @property {number} seconds
 * @property {number} [tokens]
 * @property {number} [tokens_per_second]
 * @property {number} confidence
 * @property {number} trust
 * @property {string} [error]
 */

/**
 * The answers beside each other, with bars that share one scale.
 * @param {readonly Compared[]} results
 */
export function comparison(results) {
  const slowest = Math.max(...results.map(({ seconds }) => seconds), 1e-9);
  const fastest = Math.max(...results.map(({ tokens_per_second: speed }) => speed ?? 0), 1e-9);
  const line = (/** @type {string} */ name, /** @type {number} */ share, /** @type {string} */ text, /** @type {string} */ color) => [
    h('dt', {}, name),
    h('dd', {}, bar(share, color), h('span', { class: 'num' }, text)),
  ];
  return h(
    'div',
    { class: 'columns', id: 'comparison' },
    ...results.map((result) =>
      h(
        'article',
        {},
        h('h3', {}, result.model, ' ', h('span', { class: 'dim' }, result.provider)),
        h(
          'dl',
          { class: 'measure' },
          ...line(t('compare.time'), result.seconds / slowest, duration(result.seconds * 1000), 'c-second'),
          ...(result.tokens_per_second === undefined
            ? []
            : line(t('fleet.speed'), result.tokens_per_second / fastest, t('fleet.tokens', { value: number(result.tokens_per_second, 1) }), 'c-main')),
          ...line(t('compare.confidence'), result.confidence / 100, number(result.confidence), 'c-translation'),
          ...line(t('compare.trust'), result.trust / 100, number(result.trust), 'c-analysis'),
        ),
        result.error === undefined
          ? h('div', { class: 'answer', tabindex: 0, role: 'group', 'aria-label': `${t('answer')}, ${result.model}` }, ...prose(result.text, t('code')))
          : h('p', { class: 'notice bad' }, `${t('compare.failed')} ${result.error}`),
      ),
    ),
  );
}

/** Colours of the score's terms, in the order they are added up. @type {Record<string, string>} */
const TERMS = {
  quality: 'c-main',
  speed: 'c-quick',
  loaded: 'c-creative',
  optimal: 'c-translation',
  priority: 'c-analysis',
  conversation: 'c-code',
};
const TERM_WORDS = /** @type {const} */ (['quality', 'speed', 'priority', 'optimal', 'weak', 'loaded', 'load', 'failures', 'conversation']);

/** @param {string} term */
const termName = (term) => {
  const known = TERM_WORDS.find((word) => word === term);
  return known === undefined ? term : t(`term.${known}`);
};

/**
 * The dry run: who would answer, and what each model's score is made of.
 * @param {any} plan The answer of POST /orchestrator/route.
 */
export function planView(plan) {
  /** @type {{ model: string, provider: string, score: number, terms: Record<string, number> }[]} */
  const candidates = plan.candidates.slice(0, 6);
  const top = Math.max(1, ...candidates.map(({ terms }) => Object.values(terms).reduce((sum, points) => sum + Math.max(0, points), 0)));
  const probabilities = Object.entries(/** @type {Record<string, number>} */ (plan.probabilities)).sort(([, a], [, b]) => b - a);
  const complexity = plan.complexity === 'low' || plan.complexity === 'high' ? plan.complexity : 'medium';
  return h(
    'div',
    { id: 'planned' },
    h('h3', {}, t('plan.title')),
    h(
      'p',
      {},
      t('plan.chosen', {
        model: plan.model ?? '–',
        task: taskName(plan.task),
        confidence: percent(plan.confidence),
        complexity: t(/** @type {import('./i18n.js').Word} */ (`complexity.${complexity}`)),
      }),
    ),
    probabilities.length > 1 &&
      stacked(
        t('route.task'),
        probabilities.map(([task, value]) => ({ label: taskName(task), value: value * 100, color: taskColor(task) })),
      ),
    probabilities.length > 1 &&
      legend(
        probabilities.filter(([, value]) => value >= 0.02).map(([task, value]) => ({ label: taskName(task), color: taskColor(task), text: percent(value) })),
      ),
    ...candidates.map(({ model, provider, score, terms }) => {
      const parts = Object.entries(terms).map(([term, value]) => ({ label: termName(term), value, color: value < 0 ? 'c-bad' : (TERMS[term] ?? 'c-other') }));
      return h(
        'div',
        { class: 'figure' },
        h('br'),
        h('h3', {}, `${model} `, h('span', { class: 'dim' }, provider), ' ', h('b', { class: 'num' }, number(score, 1))),
        stacked(t('plan.score', { model }), parts, top),
        legend(parts.map(({ label, color, value }) => ({ label, color, text: number(value, 1) }))),
      );
    }),
    h('p', { class: 'reason', lang: 'en' }, plan.reason),
  );
}
