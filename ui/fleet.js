import { bar, columns, stacked, taskColor } from './charts.js';
import { byId, h, update } from './dom.js';
import { duration, language, number, percent, size, TASKS, t, taskName } from './i18n.js';
import { dot, figure, legend, table } from './parts.js';

/**
 * @typedef {object} Profile
 * @property {string} name
 * @property {string} provider
 * @property {boolean} enabled
 * @property {boolean} loaded
 * @property {boolean} healthy
 * @property {boolean} remote
 * @property {number | null} vram_bytes
 * @property {number | null} vram_required GB.
 * @property {number | null} size_bytes
 * @property {number | null} parameters
 * @property {string | null} quantization
 * @property {string | null} family
 * @property {number} context_window Tokens.
 * @property {readonly string[]} capabilities
 * @property {{ tokens_per_second: number | null, time_to_first_token_ms: number | null, load_ms: number | null, failure_rate: number | null }} measured
 * @property {Record<string, number>} quality 0-100 per task; `*` for tasks without a value.
 * @property {Record<string, number>} [prior]
 */
/** @typedef {{ name: string, reachable: boolean, models: number, version?: string, error?: string }} Provider */

const COLORS = ['c-code', 'c-translation', 'c-quick', 'c-analysis', 'c-math', 'c-creative', 'c-other'];

/** What the models can be used for: embeddings have no quality per task. @param {Profile} profile */
const talks = ({ capabilities }) => capabilities.length === 0 || capabilities.includes('completion');

/**
 * Built-in tasks first, then those of the user's own.
 * @param {readonly Record<string, number>[]} tables
 */
export const tasksOf = (tables) => [...new Set([...TASKS, ...tables.flatMap(Object.keys)])].filter((task) => task !== '*');

/** @param {Profile} profile */
const stateOf = ({ enabled, healthy }) => (!enabled ? t('fleet.disabled') : healthy ? t('fleet.healthy') : t('fleet.cooling'));

/** @param {Profile} profile */
function vramOf({ loaded, vram_bytes: used, vram_required: required }) {
  if (loaded && used !== null) return used === 0 ? t('fleet.cpu') : size(used);
  return required === null ? '–' : t('fleet.vram.needs', { size: size(required * 2 ** 30) });
}

/**
 * One measured number with a bar against the best of the fleet.
 * @param {string} name
 * @param {number | null} value
 * @param {(value: number) => string} show
 * @param {number} most
 * @param {string} color
 */
const measure = (name, value, show, most, color) => [
  h('dt', {}, name),
  value === null
    ? h('dd', {}, bar(0), h('span', { class: 'num dim' }, t('fleet.unmeasured')))
    : h('dd', {}, bar(value / Math.max(most, 1e-9), color), h('span', { class: 'num' }, show(value))),
];

/**
 * @param {Profile} profile
 * @param {{ speed: number, first: number }} most
 */
function card(profile, most) {
  const { measured } = profile;
  const about = [
    profile.parameters !== null && h('span', {}, h('b', {}, `${number(profile.parameters / 1e9, profile.parameters < 1e9 ? 2 : 1)}B`)),
    profile.quantization && h('span', {}, profile.quantization),
    profile.size_bytes ? h('span', {}, `${t('fleet.size')} `, h('b', {}, size(profile.size_bytes))) : null,
    h('span', {}, `${t('fleet.window')} `, h('b', {}, t('fleet.tokens.window', { value: number(profile.context_window) }))),
    h('span', {}, `${t('fleet.vram')} `, h('b', {}, vramOf(profile))),
  ];
  return h(
    'article',
    { class: profile.healthy && profile.enabled ? 'card' : 'card away' },
    h('h3', {}, profile.name, ' ', h('span', { class: 'dim' }, profile.provider)),
    h(
      'ul',
      { class: 'badges' },
      h('li', {}, dot(profile.loaded ? 'c-good' : 'c-other'), profile.loaded ? t('fleet.loaded') : t('fleet.idle')),
      h('li', {}, dot(!profile.enabled ? 'c-other' : profile.healthy ? 'c-good' : 'c-bad'), stateOf(profile)),
      profile.remote && h('li', {}, t('fleet.remote')),
    ),
    h('p', { class: 'figures' }, ...about),
    h(
      'dl',
      { class: 'measure' },
      ...measure(
        t('fleet.speed'),
        measured.tokens_per_second,
        (value) => t('fleet.tokens', { value: number(value, value < 10 ? 1 : 0) }),
        most.speed,
        'c-main',
      ),
      ...measure(t('fleet.first'), measured.time_to_first_token_ms, duration, most.first, 'c-second'),
      ...(measured.failure_rate ? measure(t('fleet.failures'), measured.failure_rate, percent, 1, 'c-bad') : []),
    ),
    talks(profile) &&
      columns(
        `${t('fleet.quality')}, ${profile.name}`,
        tasksOf([profile.quality])
          .slice(0, 8)
          .map((task) => {
            const mark = profile.prior?.[task];
            return {
              label: taskName(task),
              value: profile.quality[task] ?? profile.quality['*'] ?? 0,
              color: taskColor(task),
              ...(mark !== undefined && { mark }),
            };
          }),
      ),
  );
}

/** @param {readonly Profile[]} profiles */
function wholeTable(profiles) {
  const tasks = tasksOf(profiles.map(({ quality }) => quality));
  return table(
    t('fleet'),
    [
      ...[t('fleet.model'), t('load.provider'), t('fleet.loaded'), t('fleet.state'), t('fleet.vram'), t('fleet.speed'), t('fleet.first'), t('fleet.load')],
      ...[t('fleet.failures'), ...tasks.map(taskName)],
    ],
    profiles.map((profile) => {
      const { tokens_per_second: speed, time_to_first_token_ms: first, load_ms: load, failure_rate: failures } = profile.measured;
      return [
        ...[profile.name, profile.provider, profile.loaded ? t('load.yes') : t('load.no'), stateOf(profile), vramOf(profile)],
        ...[speed === null ? '–' : t('fleet.tokens', { value: number(speed, 1) }), first === null ? '–' : duration(first)],
        ...[load === null ? '–' : duration(load), failures === null ? '–' : percent(failures)],
        ...tasks.map((task) => (talks(profile) ? number(profile.quality[task] ?? profile.quality['*'] ?? 0) : '–')),
      ];
    }),
  );
}

/**
 * The models: cards, memory, and all of it as a table.
 * @param {{ profiles: readonly Profile[], providers: readonly Provider[] }} data
 */
export function drawFleet({ profiles, providers }) {
  const signature = JSON.stringify([language(), profiles, providers]);
  const sorted = [...profiles].sort((a, b) => Number(b.loaded) - Number(a.loaded) || Number(b.healthy) - Number(a.healthy) || a.name.localeCompare(b.name));
  const most = {
    speed: Math.max(0, ...profiles.map(({ measured }) => measured.tokens_per_second ?? 0)),
    first: Math.max(0, ...profiles.map(({ measured }) => measured.time_to_first_token_ms ?? 0)),
  };
  update(byId('fleet-notes'), signature, () => [
    ...providers
      .filter(({ reachable }) => !reachable)
      .map(({ name, error }) => h('p', { class: 'notice bad' }, t('fleet.provider.down', { name, reason: error ?? '' }))),
    profiles.length === 0 && h('p', { class: 'notice' }, t('fleet.none')),
  ]);
  update(byId('fleet-memory'), signature, () => {
    const loaded = sorted.filter((profile) => profile.loaded);
    const parts = loaded.map((profile, index) => ({
      label: profile.name,
      value: (profile.vram_bytes || profile.size_bytes || 0) / 2 ** 30,
      color: COLORS[index % COLORS.length] ?? 'c-other',
    }));
    if (profiles.length === 0) return [];
    if (loaded.length === 0) return [figure(t('fleet.memory'), h('p', { class: 'dim' }, t('fleet.memory.none')))];
    return [
      figure(
        t('fleet.memory'),
        stacked(t('fleet.memory'), parts),
        legend(
          loaded.map((profile, index) => ({
            label: profile.name,
            color: parts[index]?.color ?? 'c-other',
            text: profile.vram_bytes ? size(profile.vram_bytes) : `${size(profile.size_bytes ?? 0)} (${t('fleet.cpu')})`,
          })),
        ),
      ),
    ];
  });
  update(byId('fleet-cards'), signature, () => sorted.map((profile) => card(profile, most)));
  update(byId('fleet-table'), signature, () => [wholeTable(sorted)]);
}
