import { byId } from './dom.js';

/** The dialog that asks for a key; it keeps nothing itself. */
export function createKeyDialog() {
  const dialog = /** @type {HTMLDialogElement} */ (byId('key-dialog'));
  const field = /** @type {HTMLInputElement} */ (byId('key-field'));
  /** @type {((key: string | undefined) => void)[]} */
  let waiting = [];
  const settle = (/** @type {string | undefined} */ key) => {
    const all = waiting;
    waiting = [];
    field.value = '';
    if (dialog.open) dialog.close();
    for (const resolve of all) resolve(key);
  };
  byId('key-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const key = field.value.trim();
    if (key === '') field.focus();
    else settle(key);
  });
  byId('key-cancel').addEventListener('click', () => settle(undefined));
  // Escape closes it too.
  dialog.addEventListener('close', () => settle(undefined));
  return {
    close: () => settle(undefined),
    /**
     * Resolves with what was typed, undefined when it was closed without.
     * @param {boolean} wrong True when a key was just refused.
     * @returns {Promise<string | undefined>}
     */
    ask: (wrong) =>
      new Promise((resolve) => {
        waiting.push(resolve);
        byId('key-wrong').hidden = !wrong;
        if (!dialog.open) dialog.showModal();
        field.focus();
      }),
  };
}
