import { byId } from './dom.js';

const STORED = 'orchestrator.theme';

/** System, light or dark; remembered. The first paint is early.js's matter. */
export function createThemeSwitch() {
  const select = /** @type {HTMLSelectElement} */ (byId('theme'));
  select.value = document.documentElement.dataset.theme ?? 'system';
  select.addEventListener('change', () => {
    if (select.value === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = select.value;
    try {
      localStorage.setItem(STORED, select.value);
    } catch {
      // Not remembered then.
    }
  });
}
