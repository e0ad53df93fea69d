import { h } from './dom.js';

/**
 * `code` and **strong** words of one run of text.
 * @param {string} text
 * @returns {(Node | string)[]}
 */
const inline = (text) =>
  text
    .split(/(`[^`\n]+`|\*\*[^*\n]+\*\*)/)
    .filter((part) => part !== '')
    .map((part) => {
      if (part.length > 2 && part.startsWith('`') && part.endsWith('`')) return h('code', {}, part.slice(1, -1));
      if (part.length > 4 && part.startsWith('**') && part.endsWith('**')) return h('strong', {}, part.slice(2, -2));
      return part;
    });

/**
 * An answer as elements: fenced code, headings and the rest as it was written. Everything is text; nothing is read as markup.
 * @param {string} text
 * @param {string} codeLabel Accessible name of a code block.
 * @returns {Node[]}
 */
export function prose(text, codeLabel) {
  return text.split(/^(```[^\n]*\n[\s\S]*?(?:^```[ \t]*$|(?![\s\S])))/m).flatMap((part) => /** @type {Node[]} */ (blocks(part, codeLabel)));
}

/**
 * @param {string} part A fenced block, or what stands between two.
 * @param {string} codeLabel
 * @returns {Node[]}
 */
function blocks(part, codeLabel) {
  if (part.startsWith('```')) {
    const code = part.replace(/^```[^\n]*\n/, '').replace(/\n?```[ \t]*$/, '');
    return [h('pre', { tabindex: 0, role: 'group', 'aria-label': codeLabel }, h('code', {}, code))];
  }
  return part
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => {
      const heading = /^#{1,6} +([^\n]+)$/.exec(paragraph)?.[1];
      return heading === undefined ? h('p', {}, ...inline(paragraph)) : h('p', { class: 'heading' }, ...inline(heading));
    });
}
