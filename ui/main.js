import { ApiError, createApi, createPoll, readEvents } from './api.js';
import { createAsk } from './ask.js';
import { createDecisions } from './decisions.js';
import { byId, h, update } from './dom.js';
import { drawFleet } from './fleet.js';
import { language, number, percent, sentence, setLanguage, t, translatePage } from './i18n.js';
import { createKeyDialog } from './key-dialog.js';
import { drawLearning } from './learning.js';
import { createHistory, drawLoad, readLoad } from './load.js';
import { say } from './parts.js';
import { createThemeSwitch } from './theme.js';

/** Who listens for these waits no longer than a person notices, ms. */
const EVERY = { profiles: 5_000, stats: 5_000, metrics: 3_000, models: 60_000 };
const RECENT = 5 * 60_000;

translatePage();
createThemeSwitch();
// What scrolls by itself must be reachable by keyboard, in browsers too that do not see to it.
for (const element of document.querySelectorAll('.wide, .decisions')) element.setAttribute('tabindex', '0');

const dialog = createKeyDialog();
const api = createApi({ askKey: dialog.ask, keyChanged: () => restart() });
const ask = createAsk(api);
const decisions = createDecisions();
const history = createHistory();

/**
 * @type {{
 *   fleet?: { profiles: readonly import('./fleet.js').Profile[], providers: readonly import('./fleet.js').Provider[] },
 *   stats?: import('./learning.js').Stats, statsProblem?: ApiError,
 *   load?: import('./load.js').Load, loadProblem?: ApiError,
 *   virtual: string[], problem?: ApiError, live: 'connecting' | 'on' | 'off' | 'key',
 * }}
 */
const state = { virtual: ['auto'], live: 'connecting' };

const draw = () => {
  const profiles = state.fleet?.profiles ?? [];
  if (state.fleet !== undefined) {
    drawFleet(state.fleet);
    drawLearning(profiles, state.stats, state.statsProblem === undefined ? '' : sentence(state.statsProblem));
    ask.offer(state.virtual, profiles);
  }
  drawLoad(state.load, history.readings, state.loadProblem === undefined ? '' : sentence(state.loadProblem));
  drawTiles();
  say(byId('problem'), state.problem === undefined ? '' : sentence(state.problem));
  const live = byId('live');
  live.className = `live ${state.live}`;
  if (live.textContent !== t(`live.${state.live}`)) live.textContent = t(`live.${state.live}`);
  byId('key-forget').hidden = !api.hasKey();
};

const drawTiles = () => {
  const profiles = state.fleet?.profiles ?? [];
  const recent = decisions.newest().filter(({ at }) => at > Date.now() - RECENT).length;
  const asked = (state.load?.hits ?? 0) + (state.load?.misses ?? 0);
  /** @type {[string, string][]} */
  const tiles = [
    [t('tile.loaded'), t('tile.of', { value: profiles.filter(({ loaded }) => loaded).length, all: profiles.length })],
    [t('tile.recent'), number(recent)],
    [t('tile.running'), state.load === undefined ? '–' : number(state.load.running)],
    [t('tile.queued'), state.load === undefined ? '–' : number(state.load.queued)],
    [t('tile.cache'), asked === 0 ? '–' : percent((state.load?.hits ?? 0) / asked)],
  ];
  update(byId('tiles'), JSON.stringify(tiles), () => tiles.map(([name, value]) => h('li', {}, h('span', { class: 'dim' }, name), h('b', {}, value))));
};

/** @param {ApiError | undefined} problem */
const reached = (problem) => {
  state.problem = problem;
  draw();
};

let started = false;
const profiles = createPoll({
  load: () => api.json('/orchestrator/profiles', { quiet: true }),
  everyMs: EVERY.profiles,
  onData: (value) => {
    state.fleet = value;
    reached(undefined);
    if (started) return;
    // The first answer shows that the key suffices; only then are the others asked.
    started = true;
    for (const poll of [models, stats, metrics]) void poll.restart();
    void listen();
  },
  onError: (error) => {
    if (error.status === 401) state.live = 'key';
    reached(error);
  },
});
const models = createPoll({
  load: () => api.json('/v1/models', { quiet: true }),
  everyMs: EVERY.models,
  onData: ({ data }) => {
    state.virtual = data
      .filter((/** @type {{ owned_by: string }} */ model) => model.owned_by === 'orchestrator')
      .map((/** @type {{ id: string }} */ { id }) => id);
    draw();
  },
  onError: () => undefined,
});
const stats = createPoll({
  load: () => api.json('/orchestrator/stats', { quiet: true }),
  everyMs: EVERY.stats,
  onData: (value) => {
    state.stats = value;
    delete state.statsProblem;
    draw();
  },
  onError: (error) => {
    delete state.stats;
    state.statsProblem = error;
    draw();
  },
});
const metrics = createPoll({
  load: async () => readLoad(await (await api.call('/metrics', { quiet: true })).text()),
  everyMs: EVERY.metrics,
  onData: (value) => {
    state.load = value;
    delete state.loadProblem;
    history.add({ at: Date.now(), running: value.running, queued: value.queued });
    draw();
  },
  onError: (error) => {
    delete state.load;
    state.loadProblem = error;
    draw();
  },
});

/** @type {AbortController | undefined} */
let listening;

/** The live stream, opened again whenever it ends; a new call ends the one before. */
async function listen() {
  listening?.abort();
  const controller = new AbortController();
  listening = controller;
  const { signal } = controller;
  let pause = 1_000;
  while (!signal.aborted) {
    try {
      const response = await api.call('/orchestrator/live?limit=200', { signal, quiet: true });
      for await (const { event, data } of readEvents(response)) {
        if (signal.aborted) return;
        const value = JSON.parse(data);
        if (event === 'snapshot') {
          decisions.replace(value.decisions);
          decisions.ownOnly(value.own === true);
          state.live = 'on';
          pause = 1_000;
          draw();
        } else if (event === 'decision' || event === 'finished') decisions.put(value);
      }
    } catch (thrown) {
      if (signal.aborted) return;
      if (thrown instanceof ApiError && (thrown.status === 401 || thrown.status === 403)) {
        state.live = 'key';
        draw();
        return;
      }
    }
    state.live = 'off';
    draw();
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(30_000, pause * 2);
  }
}

/** Another key: everything is asked anew. */
function restart() {
  started = false;
  listening?.abort();
  state.live = 'connecting';
  delete state.statsProblem;
  delete state.loadProblem;
  void profiles.restart();
}

const languages = /** @type {HTMLSelectElement} */ (byId('language'));
languages.value = language();
languages.addEventListener('change', () => {
  setLanguage(languages.value === 'ko' ? 'ko' : 'en');
  draw();
  decisions.draw();
  ask.redraw();
});
byId('key-open').addEventListener('click', async () => {
  const given = await dialog.ask(false);
  if (given !== undefined) api.setKey(given);
});
byId('key-forget').addEventListener('click', () => {
  dialog.close();
  api.setKey(undefined);
});
document.addEventListener('visibilitychange', () => {
  if (document.hidden || !started) return;
  for (const poll of [profiles, stats, metrics]) void poll.restart();
});
decisions.onChange(drawTiles);
decisions.draw();
draw();
void profiles.restart();
