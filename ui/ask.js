import { comparison, planView, ratingButtons, routeFacts, routeHeaders } from './answer.js';
import { ApiError, readEvents } from './api.js';
import { byId, h, update } from './dom.js';
import { duration, language, number, percent, sentence, t, taskName } from './i18n.js';
import { say } from './parts.js';
import { prose } from './prose.js';

/** @param {unknown} thrown */
const asError = (thrown) => (thrown instanceof ApiError ? thrown : new ApiError(0, thrown instanceof Error ? thrown.message : String(thrown)));

/**
 * The prompt box: one streamed answer that can be rated, answers side by side, or only the plan.
 * @param {import('./api.js').Api} api
 */
export function createAsk(api) {
  const prompt = /** @type {HTMLTextAreaElement} */ (byId('prompt'));
  const model = /** @type {HTMLSelectElement} */ (byId('model'));
  const send = /** @type {HTMLButtonElement} */ (byId('send'));
  const planButton = /** @type {HTMLButtonElement} */ (byId('plan'));
  const form = /** @type {HTMLFormElement} */ (byId('ask-form'));
  const result = byId('result');
  const status = byId('ask-status');
  const problem = byId('ask-problem');
  /** @type {AbortController | undefined} */
  let running;
  /** Draws what is shown in the language of the page. @type {() => void} */
  let redraw = () => undefined;

  const comparing = () => new FormData(form).get('mode') === 'compare';

  /**
   * @param {(prompt: string, signal: AbortSignal) => Promise<void>} work
   */
  const run = async (work) => {
    const text = prompt.value.trim();
    if (running !== undefined) return;
    if (text === '') {
      say(problem, t('ask.empty'));
      prompt.focus();
      return;
    }
    const controller = new AbortController();
    running = controller;
    say(problem, '');
    result.replaceChildren();
    send.disabled = true;
    planButton.disabled = true;
    byId('stop').hidden = false;
    try {
      await work(text, controller.signal);
    } catch (thrown) {
      if (controller.signal.aborted) say(status, t('ask.stopped'));
      else {
        say(status, '');
        say(problem, sentence(asError(thrown)));
      }
    } finally {
      running = undefined;
      send.disabled = false;
      planButton.disabled = false;
      // Whoever pressed Stop must not lose the place.
      if (document.activeElement === byId('stop')) prompt.focus();
      byId('stop').hidden = true;
    }
  };

  const answer = () =>
    run(async (text, signal) => {
      const began = performance.now();
      say(status, t('ask.waiting'));
      const response = await api.call('/v1/chat/completions', {
        body: { model: model.value, messages: [{ role: 'user', content: text }], stream: true, stream_options: { include_usage: true } },
        signal,
      });
      /** @type {import('./answer.js').Route} */
      const route = { id: response.headers.get('x-request-id') ?? '', headers: routeHeaders(response.headers) };
      let written = '';
      let thought = '';
      let ended = false;
      const thoughts = document.createTextNode('');
      const words = document.createTextNode('');
      const box = h('div', { class: 'answer plain', tabindex: 0, role: 'group', 'aria-label': t('answer') }, words);
      const thinking = h('details', { hidden: true }, h('summary', {}, t('thinking')), h('div', { class: 'answer plain' }, thoughts));
      const about = h('div', {}, routeFacts(route));
      const rating = h('div');
      result.replaceChildren(about, thinking, box, rating);
      redraw = () => {
        about.replaceChildren(routeFacts(route));
        box.setAttribute('aria-label', t('answer'));
        thinking.firstElementChild?.replaceChildren(t('thinking'));
        if (ended) rating.replaceChildren(ratingButtons(rate));
      };
      const rate = async (/** @type {number} */ value) => {
        try {
          const counted = await api.json('/orchestrator/feedback', { body: { id: route.id, rating: value } });
          return t('rate.thanks', { value, task: taskName(counted.task), count: number(counted.task_ratings) });
        } catch (thrown) {
          return sentence(asError(thrown));
        }
      };
      const finish = () => {
        route.totalMs = performance.now() - began;
        box.replaceChildren(...prose(written, t('code')));
        box.classList.remove('plain');
        about.replaceChildren(routeFacts(route));
      };
      try {
        for await (const { data } of readEvents(response)) {
          if (data === '[DONE]') break;
          const chunk = JSON.parse(data);
          if (chunk.error !== undefined) throw new ApiError(502, t('ask.broken', { reason: chunk.error.message ?? '' }));
          if (route.id === '' && typeof chunk.id === 'string') route.id = chunk.id;
          if (chunk.usage?.completion_tokens !== undefined) route.tokens = chunk.usage.completion_tokens;
          const delta = chunk.choices?.[0]?.delta ?? {};
          const thoughtPart = delta.reasoning_content ?? delta.reasoning ?? '';
          const part = delta.content ?? '';
          if (thoughtPart === '' && part === '') continue;
          if (route.firstMs === undefined) {
            route.firstMs = performance.now() - began;
            say(status, t('ask.writing', { model: route.headers.model ?? model.value }));
          }
          if (thoughtPart !== '') {
            thinking.hidden = false;
            thought += thoughtPart;
            thoughts.data = thought;
          }
          if (part !== '') {
            written += part;
            // Follows the text, unless the reader has scrolled back.
            const follows = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
            words.appendData(part);
            if (follows) box.scrollTop = box.scrollHeight;
          }
        }
      } catch (thrown) {
        finish();
        throw thrown;
      }
      finish();
      ended = true;
      rating.replaceChildren(ratingButtons(rate));
      say(status, t('ask.done', { time: duration(route.totalMs ?? 0) }));
    });

  const compare = () =>
    run(async (text, signal) => {
      const models = [...byId('model-boxes').querySelectorAll('input:checked')].map((input) => /** @type {HTMLInputElement} */ (input).value);
      say(status, t('compare.working'));
      const { results, agreement } = await api.json('/orchestrator/compare', { body: { prompt: text, ...(models.length > 0 && { models }) }, signal });
      redraw = () => {
        result.replaceChildren(comparison(results));
        say(status, t('compare.done', { count: number(results.length), share: percent(agreement) }));
      };
      redraw();
    });

  const plan = () =>
    run(async (text, signal) => {
      const planned = await api.json('/orchestrator/route', { body: { prompt: text, model: model.value }, signal });
      say(status, '');
      redraw = () => result.replaceChildren(planView(planned));
      redraw();
    });

  const showMode = () => {
    byId('one-model').hidden = comparing();
    byId('many-models').hidden = !comparing();
    planButton.hidden = comparing();
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void (comparing() ? compare() : answer());
  });
  form.addEventListener('change', showMode);
  prompt.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  planButton.addEventListener('click', () => void plan());
  byId('stop').addEventListener('click', () => running?.abort());
  // A browser may bring back what was chosen before a reload.
  showMode();

  return {
    redraw: () => {
      if (running === undefined) redraw();
    },
    /**
     * What can be asked: virtual models by name, real ones as the fleet knows them.
     * @param {readonly string[]} virtual
     * @param {readonly import('./fleet.js').Profile[]} profiles
     */
    offer: (virtual, profiles) => {
      const usable = profiles.filter(({ enabled, capabilities }) => enabled && (capabilities.length === 0 || capabilities.includes('completion')));
      const real = [...new Set(usable.map(({ name }) => name))].sort();
      const chosen = model.value;
      update(model, JSON.stringify([language(), virtual, real]), () => [
        h('optgroup', { label: t('ask.virtual') }, ...virtual.map((name) => h('option', { value: name }, name))),
        h('optgroup', { label: t('ask.real') }, ...real.map((name) => h('option', { value: name }, name))),
      ]);
      if ([...virtual, ...real].includes(chosen)) model.value = chosen;
      // Replicas of one model are told apart by their provider.
      const names = usable.map(({ name, provider }) => (usable.filter((other) => other.name === name).length > 1 ? `${provider}/${name}` : name)).sort();
      const ticked = new Set([...byId('model-boxes').querySelectorAll('input:checked')].map((input) => /** @type {HTMLInputElement} */ (input).value));
      update(byId('model-boxes'), JSON.stringify(names), () =>
        names.map((name) => h('label', {}, h('input', { type: 'checkbox', value: name, checked: ticked.has(name) }), name)),
      );
    },
  };
}
