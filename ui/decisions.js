import { durations, stacked, taskColor } from './charts.js';
import { byId, h, update } from './dom.js';
import { clock, duration, language, number, percent, t, taskName } from './i18n.js';
import { figure, legend, say, taskChip } from './parts.js';

/**
 * @typedef {object} Decision
 * @property {string} id
 * @property {number} at Epoch ms.
 * @property {string} task
 * @property {number} confidence 0-1
 * @property {string} strategy
 * @property {string | null} model
 * @property {boolean} pinned
 * @property {string} reason
 * @property {number} decisionMs
 * @property {string} [cache]
 * @property {string} [served]
 * @property {string} [outcome]
 * @property {number} [durationMs]
 */

const KEPT = 200;
const SHOWN = 60;
/** Redrawn at most this often, however fast decisions come, ms. */
const PACE = 250;

/** The list of decisions, kept short and drawn at a readable pace. */
export function createDecisions() {
  /** @type {Map<string, Decision>} */
  let decisions = new Map();
  /** @type {Set<string>} */
  const fresh = new Set();
  let paused = false;
  let waiting = 0;
  let own = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {() => void} */
  let changed = () => undefined;

  const newest = () => [...decisions.values()].reverse();

  const draw = () => {
    timer = undefined;
    changed();
    const button = byId('decisions-pause');
    button.textContent = t(paused ? 'decisions.resume' : 'decisions.pause');
    button.setAttribute('aria-pressed', String(paused));
    say(byId('decisions-waiting'), paused && waiting > 0 ? t('decisions.waiting', { count: waiting }) : '');
    say(byId('decisions-note'), decisions.size === 0 ? t('decisions.none') : own ? t('decisions.own') : '');
    byId('decisions-list').hidden = decisions.size === 0;
    if (paused && language() === byId('decisions-list').lang) return;
    byId('decisions-list').lang = language();
    drawCharts(newest());
    drawList(newest().slice(0, SHOWN), fresh);
    fresh.clear();
  };
  const soon = () => {
    if (timer === undefined) timer = setTimeout(draw, PACE);
  };

  byId('decisions-pause').addEventListener('click', () => {
    paused = !paused;
    waiting = 0;
    draw();
  });

  return {
    newest,
    draw,
    /** @param {() => void} listener Called when something came. */
    onChange: (listener) => {
      changed = listener;
    },
    /** @param {readonly Decision[]} list Newest first. */
    replace: (list) => {
      decisions = new Map([...list].reverse().map((decision) => [decision.id, decision]));
      soon();
    },
    /** @param {boolean} value True where the stream holds only what this key asked. */
    ownOnly: (value) => {
      own = value;
      soon();
    },
    /** @param {Decision} decision */
    put: (decision) => {
      if (!decisions.has(decision.id)) {
        fresh.add(decision.id);
        if (paused) waiting += 1;
      }
      decisions.set(decision.id, decision);
      if (decisions.size > KEPT) decisions.delete(decisions.keys().next().value ?? '');
      soon();
    },
  };
}

/** @param {Decision} decision */
function outcomeOf({ outcome }) {
  if (outcome === undefined) return { text: t('outcome.open'), className: 'dim' };
  if (outcome === 'ok') return { text: `✓ ${t('outcome.ok')}`, className: 'ok' };
  if (outcome === 'client-closed') return { text: t('outcome.client-closed'), className: 'dim' };
  return { text: `✗ ${t('outcome.failed', { kind: outcome })}`, className: 'fail' };
}

/**
 * @param {Decision[]} shown
 * @param {ReadonlySet<string>} fresh
 */
function drawList(shown, fresh) {
  update(byId('decisions-list'), JSON.stringify([language(), shown]), () =>
    shown.map((decision) => {
      const outcome = outcomeOf(decision);
      const { cache } = decision;
      const notes = [
        decision.pinned ? t('decision.named') : t('decision.sure', { share: percent(decision.confidence) }),
        decision.strategy,
        cache === 'hit' ? t('cache.hit') : '',
        t('decision.in', { time: duration(decision.decisionMs) }),
      ];
      return h(
        'li',
        { class: fresh.has(decision.id) ? 'new' : null },
        h(
          'div',
          { class: 'top' },
          h('time', { class: 'dim num', datetime: new Date(decision.at).toISOString() }, clock(decision.at)),
          taskChip(decision.pinned ? 'unclassified' : decision.task),
          h('b', {}, decision.served ?? decision.model ?? decision.strategy),
          h('span', { class: `${outcome.className} num` }, outcome.text, decision.durationMs === undefined ? '' : ` ${duration(decision.durationMs)}`),
        ),
        h('div', { class: 'dim' }, notes.filter((note) => note !== '').join(' · ')),
        h('div', { class: 'reason', lang: 'en' }, decision.reason),
      );
    }),
  );
}

/** @param {Decision[]} all Newest first. */
function drawCharts(all) {
  const ended = all.filter(({ durationMs }) => durationMs !== undefined).slice(0, 60);
  update(byId('decisions-charts'), JSON.stringify([language(), ended.map(({ id }) => id), all.length]), () => {
    if (all.length === 0) return [];
    const times = ended.map(({ durationMs }) => durationMs ?? 0).sort((a, b) => a - b);
    const failed = ended.filter(({ outcome }) => outcome !== 'ok').length;
    /** @type {Map<string, number>} */
    const tasks = new Map();
    for (const { task, pinned } of all) tasks.set(pinned ? 'unclassified' : task, (tasks.get(pinned ? 'unclassified' : task) ?? 0) + 1);
    const shares = [...tasks].sort(([, a], [, b]) => b - a).map(([task, value]) => ({ label: taskName(task), value, color: taskColor(task) }));
    const text = t('decisions.durations.text', {
      count: number(times.length),
      failed: number(failed),
      middle: duration(times[Math.floor(times.length / 2)] ?? 0),
      longest: duration(times.at(-1) ?? 0),
    });
    return [
      figure(
        t('decisions.tasks'),
        stacked(t('decisions.tasks'), shares),
        legend(shares.map(({ label, color, value }) => ({ label, color, text: number(value) }))),
      ),
      times.length > 0 &&
        figure(
          t('decisions.durations'),
          durations(
            t('decisions.durations'),
            text,
            ended
              .map(({ durationMs, task, pinned, outcome, served, model }) => ({
                ms: durationMs ?? 0,
                color: taskColor(pinned ? 'unclassified' : task),
                failed: outcome !== 'ok',
                label: `${served ?? model ?? ''} ${duration(durationMs ?? 0)}`,
              }))
              .reverse(),
            60,
          ),
          h('p', { class: 'dim' }, `${text} ${t('decisions.durations.scale')}`),
        ),
    ];
  });
}
