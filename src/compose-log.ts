import pino, { type Logger } from 'pino';

/** Writes whole lines to where a logger writes its own. */
export function linesOf(log: Logger): (line: string) => void {
  const stream = (log as unknown as Record<symbol, { write(line: string): unknown } | undefined>)[pino.symbols.streamSym];
  return (line) => void stream?.write(line);
}
