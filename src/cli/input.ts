import { UsageError } from './command.ts';

/** A text given as an argument, or with '-' or none the standard input. `missing` is said when there is neither. */
export async function readInput(given: string | undefined, missing: string): Promise<string> {
  const text = given?.trim() ?? '';
  if (text !== '' && text !== '-') return text;
  if (text === '' && process.stdin.isTTY) throw new UsageError(missing);
  const parts: Buffer[] = [];
  for await (const chunk of process.stdin) parts.push(chunk as Buffer);
  const piped = Buffer.concat(parts).toString('utf8').trim();
  if (piped === '') throw new UsageError(missing);
  return piped;
}
