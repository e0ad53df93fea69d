/**
 * Prometheus text as samples by metric name. Lines that are no samples are left out.
 * @param {string} text
 * @returns {Map<string, { labels: Record<string, string>, value: number }[]>}
 */
export function parseMetrics(text) {
  /** @type {Map<string, { labels: Record<string, string>, value: number }[]>} */
  const metrics = new Map();
  for (const line of text.split('\n')) {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line);
    if (match === null) continue;
    const [, name = '', inside = '', value = ''] = match;
    /** @type {Record<string, string>} */
    const labels = {};
    for (const [, label = '', written = ''] of inside.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) labels[label] = written.replace(/\\(.)/g, '$1');
    const list = metrics.get(name) ?? [];
    metrics.set(name, list);
    list.push({ labels, value: Number(value) });
  }
  return metrics;
}

/**
 * The sum of a metric's samples, 0 when there is none.
 * @param {ReturnType<typeof parseMetrics>} metrics
 * @param {string} name
 * @param {Record<string, string>} [labels] Only samples that have these.
 */
export const total = (metrics, name, labels = {}) =>
  (metrics.get(name) ?? [])
    .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
    .reduce((sum, { value }) => sum + value, 0);
