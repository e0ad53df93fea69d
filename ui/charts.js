import { s } from './dom.js';

/** @typedef {{ label: string, value: number, color: string }} Part */

/** Colour class of a task; tasks of the user's own share one. @param {string} task */
export const taskColor = (task) => (['code', 'analysis', 'translation', 'quick', 'math', 'creative'].includes(task) ? `c-${task}` : 'c-other');

/**
 * An image with a name and a description for who does not see it.
 * @param {{ width: number, height: number, title: string, text: string, stretch?: boolean, className?: string }} options
 * @param {...(Node | string | false | null | undefined)} children
 */
function image({ width, height, title, text, stretch = false, className }, ...children) {
  return s(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-label': `${title}: ${text}`,
      class: className ?? 'chart',
      ...(stretch && { preserveAspectRatio: 'none' }),
    },
    s('title', {}, title),
    s('desc', {}, text),
    ...children,
  );
}

/**
 * One bar beside a number that says the same: decoration for who listens.
 * @param {number} share 0-1
 * @param {string} [color]
 * @param {number} [mark] Where a line stands, 0-1.
 */
export const bar = (share, color = 'c-main', mark = undefined) =>
  s(
    'svg',
    { viewBox: '0 0 100 8', preserveAspectRatio: 'none', class: 'bar', 'aria-hidden': 'true', focusable: 'false' },
    s('rect', { class: 'track', width: 100, height: 8, rx: 1.5 }),
    s('rect', { class: color, width: Math.max(0, Math.min(1, share)) * 100, height: 8, rx: 1.5 }),
    mark !== undefined && s('rect', { class: 'mark', x: Math.max(0, Math.min(0.99, mark)) * 100, width: 1.2, height: 8 }),
  );

/**
 * Columns with their names below and their values on top, 0-100.
 * @param {string} title
 * @param {(Part & { mark?: number })[]} parts
 */
export function columns(title, parts) {
  const width = 300;
  const step = width / Math.max(1, parts.length);
  return image(
    { width, height: 104, title, text: parts.map(({ label, value }) => `${label} ${Math.round(value)}`).join(', ') },
    ...parts.flatMap(({ label, value, color, mark }, index) => {
      const tall = Math.max(1.5, (Math.min(100, value) / 100) * 68);
      const middle = index * step + step / 2;
      return [
        s('rect', { class: 'track', x: middle - 15, y: 16, width: 30, height: 68, rx: 4 }),
        s('rect', { class: color, x: middle - 15, y: 84 - tall, width: 30, height: tall, rx: 4 }),
        mark !== undefined && s('rect', { class: 'mark', x: middle - 18, y: 84 - (mark / 100) * 68 - 1, width: 36, height: 2 }),
        s('text', { x: middle, y: 11, class: 'value' }, String(Math.round(value))),
        s('text', { x: middle, y: 99, class: 'name' }, label.length > 12 ? `${label.slice(0, 11)}…` : label),
      ];
    }),
  );
}

/**
 * Parts of a whole in one bar.
 * @param {string} title
 * @param {Part[]} parts
 * @param {number} [whole] The length of the bar; the sum of the parts when it is not given.
 */
export function stacked(title, parts, whole) {
  const sum = parts.reduce((total, { value }) => total + Math.max(0, value), 0);
  const scale = 100 / Math.max(whole ?? sum, 1e-9);
  let x = 0;
  return image(
    {
      width: 100,
      height: 10,
      title,
      text: parts.map(({ label, value }) => `${label} ${Math.round(value * 10) / 10}`).join(', '),
      stretch: true,
      className: 'stacked',
    },
    s('rect', { class: 'track', width: 100, height: 10 }),
    ...parts.map(({ value, color, label }) => {
      const width = Math.max(0, value) * scale;
      const part = s('rect', { class: color, x, width, height: 10 }, s('title', {}, label));
      x += width;
      return part;
    }),
  );
}

/**
 * Lines over time, newest at the right; all share one scale that starts at 0.
 * @param {string} title
 * @param {string} text
 * @param {{ values: number[], color: string }[]} series
 * @param {number} room How many values fit.
 */
export function lines(title, text, series, room) {
  const top = Math.max(1, ...series.flatMap(({ values }) => values));
  const at = (/** @type {number} */ value) => 58 - (value / top) * 52;
  return image(
    { width: 300, height: 62, title, text, stretch: true, className: 'lines' },
    ...[0, 0.5, 1].map((share) => s('line', { class: 'grid', x1: 0, x2: 300, y1: 58 - share * 52, y2: 58 - share * 52 })),
    ...series.map(({ values, color }) => {
      const step = 300 / Math.max(1, room - 1);
      const start = 300 - (values.length - 1) * step;
      const points = values.map((value, index) => `${(start + index * step).toFixed(1)},${at(value).toFixed(1)}`).join(' ');
      return s('polyline', { class: color.replace('c-', 'l-'), points, fill: 'none' });
    }),
  );
}

/**
 * Requests by how long they took, oldest at the left; the height is logarithmic, 10 ms to 100 s.
 * @param {string} title
 * @param {string} text
 * @param {{ ms: number, color: string, failed: boolean, label: string }[]} items
 * @param {number} room
 */
export function durations(title, text, items, room) {
  const step = 300 / room;
  const tall = (/** @type {number} */ ms) => 4 + (Math.log10(Math.max(10, Math.min(100_000, ms))) - 1) * 12.5;
  return image(
    { width: 300, height: 56, title, text, stretch: true, className: 'lines' },
    ...[1, 2, 3, 4].map((power) => s('line', { class: 'grid', x1: 0, x2: 300, y1: 55 - tall(10 ** power), y2: 55 - tall(10 ** power) })),
    ...items.map(({ ms, color, failed, label }, index) =>
      s(
        'rect',
        { class: failed ? 'c-bad' : color, x: (room - items.length + index) * step + 0.5, y: 55 - tall(ms), width: step - 1, height: tall(ms) },
        s('title', {}, label),
      ),
    ),
  );
}
