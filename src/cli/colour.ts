import { styleText } from 'node:util';

type Stream = NodeJS.WriteStream;

/** Colours for one stream: none unless it is a terminal; NO_COLOR and FORCE_COLOR are obeyed, as node's own styleText does. */
export function coloursFor(stream: Stream) {
  const paint =
    (format: Parameters<typeof styleText>[0]) =>
    (text: string): string =>
      styleText(format, text, { stream, validateStream: true });
  return { bold: paint('bold'), dim: paint('dim'), good: paint('green'), bad: paint('red'), accent: paint('cyan') };
}
