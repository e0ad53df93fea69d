import { words } from './words.js';

/** @typedef {'en' | 'ko'} Language */
/** @typedef {keyof typeof words.en} Word */

const STORED = 'orchestrator.language';

/** @returns {Language} */
export const language = () => (document.documentElement.lang === 'ko' ? 'ko' : 'en');

/**
 * Remembers the language, and puts it on the page; who drew text by itself must draw again.
 * @param {Language} chosen
 */
export function setLanguage(chosen) {
  document.documentElement.lang = chosen;
  try {
    localStorage.setItem(STORED, chosen);
  } catch {
    // A browser that stores nothing still shows the language until it is closed.
  }
  translatePage();
}

/**
 * A text in the language of the page; `{name}` stands for a value.
 * @param {Word} word
 * @param {Record<string, string | number>} [values]
 */
export const t = (word, values = {}) => words[language()][word].replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));

/** Fills what the document itself holds: `data-t` texts, `data-t-label` accessible names, `data-t-hint` placeholders. */
export function translatePage() {
  document.title = t('title');
  for (const element of document.querySelectorAll('[data-t]')) element.textContent = t(/** @type {Word} */ (element.getAttribute('data-t')));
  for (const element of document.querySelectorAll('[data-t-label]'))
    element.setAttribute('aria-label', t(/** @type {Word} */ (element.getAttribute('data-t-label'))));
  for (const element of document.querySelectorAll('[data-t-hint]'))
    element.setAttribute('placeholder', t(/** @type {Word} */ (element.getAttribute('data-t-hint'))));
}

/** The built-in tasks, in the order of charts. */
export const TASKS = ['code', 'analysis', 'translation', 'quick', 'math', 'creative'];

/**
 * A task by its name in the page's language; tasks of the user's own keep theirs.
 * @param {string} task
 */
export const taskName = (task) => (`task.${task}` in words.en ? t(/** @type {Word} */ (`task.${task}`)) : task);

/**
 * @param {number} value
 * @param {number} [digits] After the point, at most.
 */
export const number = (value, digits = 0) => new Intl.NumberFormat(language(), { maximumFractionDigits: digits }).format(value);

/** @param {number} share 0-1 */
export const percent = (share) => new Intl.NumberFormat(language(), { style: 'percent', maximumFractionDigits: 0 }).format(share);

/** @param {number} ms */
export function duration(ms) {
  if (ms < 10) return `${number(ms, 1)} ms`;
  if (ms < 1_000) return `${number(ms)} ms`;
  return t('seconds', { value: number(ms / 1_000, ms < 10_000 ? 2 : 1) });
}

/** @param {number} bytes */
export function size(bytes) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** step;
  return `${number(value, value < 10 && step > 0 ? 1 : 0)} ${units[step]}`;
}

/** @param {number} at Epoch ms. */
export const clock = (at) => new Intl.DateTimeFormat(language(), { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(at);

/**
 * An error as a sentence: what it means here, then what the gateway said.
 * @param {{ status: number, message: string }} error
 */
export function sentence({ status, message }) {
  /** @type {Word} */
  const lead =
    status === 0
      ? 'error.offline'
      : status === 401
        ? 'error.key'
        : status === 403
          ? 'error.admin'
          : status === 429
            ? 'error.busy'
            : status === 404
              ? 'error.missing'
              : status >= 500
                ? 'error.failed'
                : 'error.refused';
  return message === '' ? t(lead) : `${t(lead)} ${message}`;
}
