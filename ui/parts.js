import { taskColor } from './charts.js';
import { h, s } from './dom.js';
import { taskName } from './i18n.js';

/**
 * A small square in a chart's colour.
 * @param {string} color
 */
export const dot = (color) =>
  s('svg', { viewBox: '0 0 10 10', class: 'dot', 'aria-hidden': 'true', focusable: 'false' }, s('rect', { class: color, width: 10, height: 10, rx: 2.5 }));

/**
 * A task with its colour.
 * @param {string} task
 */
export const taskChip = (task) => h('span', { class: 'task' }, dot(taskColor(task)), taskName(task));

/**
 * What the colours of a chart mean, with the numbers: the chart in words.
 * @param {{ label: string, color: string, text: string }[]} items
 */
export const legend = (items) => h('ul', { class: 'legend' }, ...items.map(({ label, color, text }) => h('li', {}, dot(color), `${label} ${text}`)));

/**
 * A chart under its title.
 * @param {string} title
 * @param {...(import('./dom.js').Child)} children
 */
export const figure = (title, ...children) => h('div', { class: 'figure' }, h('h3', {}, title), ...children);

/**
 * A table; the first cell of each row is its header.
 * @param {string} caption
 * @param {string[]} head
 * @param {import('./dom.js').Child[][]} rows
 */
export const table = (caption, head, rows) =>
  h(
    'table',
    {},
    h('caption', {}, caption),
    h('thead', {}, h('tr', {}, ...head.map((name) => h('th', { scope: 'col' }, name)))),
    h('tbody', {}, ...rows.map(([first, ...rest]) => h('tr', {}, h('th', { scope: 'row' }, first), ...rest.map((cell) => h('td', { class: 'num' }, cell))))),
  );

/**
 * Name and value pairs.
 * @param {[string, import('./dom.js').Child, string?][]} items The third: a class.
 */
export const facts = (items) =>
  h('dl', { class: 'facts' }, ...items.map(([name, value, className]) => h('div', { class: className }, h('dt', {}, name), h('dd', {}, value))));

/**
 * Shows a sentence in a region that is read out, or hides it.
 * @param {HTMLElement} element
 * @param {string} text
 */
export function say(element, text) {
  element.hidden = text === '';
  if (element.textContent !== text) element.textContent = text;
}
