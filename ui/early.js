// Before the first paint: what the reader chose last time.
(() => {
  const read = (/** @type {string} */ name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };
  const root = document.documentElement;
  const theme = read('orchestrator.theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  const language = read('orchestrator.language') ?? navigator.language;
  root.lang = language.toLowerCase().startsWith('ko') ? 'ko' : 'en';
})();
