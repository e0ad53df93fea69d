import { lines, stacked } from './charts.js';
import { byId, h, update } from './dom.js';
import { clock, language, number, percent, size, t } from './i18n.js';
import { facts, figure, legend, table } from './parts.js';
import { parseMetrics, total } from './prometheus.js';

/** @typedef {{ at: number, running: number, queued: number }} Reading */

/** Readings kept for the curve: five minutes at one every three seconds. */
const ROOM = 100;

/**
 * What the metrics say about the present.
 * @param {string} text Prometheus text.
 */
export function readLoad(text) {
  const metrics = parseMetrics(text);
  const up = metrics.get('orchestrator_provider_up') ?? [];
  return {
    running: total(metrics, 'orchestrator_requests_in_flight'),
    queued: total(metrics, 'orchestrator_provider_queued'),
    entries: total(metrics, 'orchestrator_cache_entries'),
    bytes: total(metrics, 'orchestrator_cache_bytes'),
    hits: total(metrics, 'orchestrator_cache_requests_total', { outcome: 'hit' }),
    misses: total(metrics, 'orchestrator_cache_requests_total', { outcome: 'miss' }),
    bypasses: total(metrics, 'orchestrator_cache_requests_total', { outcome: 'bypass' }),
    providers: up.map(({ labels, value }) => ({
      name: labels.provider ?? '',
      up: value === 1,
      running: total(metrics, 'orchestrator_provider_inflight', { provider: labels.provider ?? '' }),
      queued: total(metrics, 'orchestrator_provider_queued', { provider: labels.provider ?? '' }),
      skipped: (metrics.get('orchestrator_breaker_open') ?? [])
        .filter((sample) => sample.value === 1 && sample.labels.provider === labels.provider)
        .map((sample) => sample.labels.model ?? ''),
    })),
  };
}

/** @typedef {ReturnType<typeof readLoad>} Load */

/** The readings of the last minutes. */
export function createHistory() {
  /** @type {Reading[]} */
  const readings = [];
  return {
    readings: /** @type {readonly Reading[]} */ (readings),
    /** @param {Reading} reading */
    add: (reading) => {
      readings.push(reading);
      if (readings.length > ROOM) readings.shift();
    },
  };
}

/**
 * Cache, queue and providers.
 * @param {Load | undefined} load Absent where the key may not read it.
 * @param {readonly Reading[]} readings
 * @param {string} problem Why it is absent.
 */
export function drawLoad(load, readings, problem) {
  update(byId('load-body'), JSON.stringify([language(), load, readings.at(-1)?.at, problem]), () => {
    if (load === undefined) return problem === '' ? [] : [h('p', { class: 'notice' }, problem)];
    const asked = load.hits + load.misses;
    const parts = [
      { label: t('load.hits'), value: load.hits, color: 'c-good' },
      { label: t('load.misses'), value: load.misses, color: 'c-other' },
      { label: t('load.bypasses'), value: load.bypasses, color: 'c-analysis' },
    ];
    const most = Math.max(0, ...readings.map(({ running, queued }) => running + queued));
    return [
      h(
        'div',
        { class: 'figure' },
        figure(t('load.cache'), stacked(t('load.cache'), parts), legend(parts.map(({ label, value, color }) => ({ label, color, text: number(value) })))),
        h('br'),
        facts([
          [t('load.rate'), asked === 0 ? t('load.none') : percent(load.hits / asked)],
          [t('load.entries'), number(load.entries)],
          [t('load.bytes'), size(load.bytes)],
        ]),
      ),
      h(
        'div',
        {},
        figure(
          t('load.over'),
          lines(
            t('load.over'),
            t('load.over.text', { running: load.running, queued: load.queued, most }),
            [
              { values: readings.map(({ running }) => running), color: 'c-main' },
              { values: readings.map(({ queued }) => queued), color: 'c-second' },
            ],
            ROOM,
          ),
          legend([
            { label: t('load.running'), color: 'c-main', text: number(load.running) },
            { label: t('load.queued'), color: 'c-second', text: number(load.queued) },
          ]),
        ),
        h('br'),
        h(
          'div',
          { class: 'wide', tabindex: '0' },
          table(
            t('load.providers'),
            [t('load.provider'), t('load.up'), t('load.running'), t('load.queued'), t('load.breakers')],
            load.providers.map(({ name, up, running, queued, skipped }) => [
              name,
              h('span', { class: up ? 'ok' : 'fail' }, up ? t('load.yes') : t('load.no')),
              number(running),
              number(queued),
              skipped.length === 0 ? '–' : skipped.join(', '),
            ]),
          ),
        ),
      ),
    ];
  });
  const last = readings.slice(-10).reverse();
  update(byId('load-table'), JSON.stringify([language(), last.at(0)?.at]), () =>
    last.length === 0
      ? []
      : [
          table(
            t('load.over'),
            [t('load.clock'), t('load.running'), t('load.queued')],
            last.map(({ at, running, queued }) => [clock(at), number(running), number(queued)]),
          ),
        ],
  );
}
