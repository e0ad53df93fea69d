import { fitText } from './table.ts';

interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const MB = 1_000_000;
const BAR = 24;
const TICK_MS = 1_000;

/** 'filled' of a bar of `width` characters; `share` 0-1. */
export const bar = (share: number, width = BAR): string => {
  const filled = Math.round(Math.max(0, Math.min(1, share)) * width);
  return '#'.repeat(filled) + '.'.repeat(width - filled);
};

/** Seconds as a person says them: 8s, 2m05s, 1h03m. */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, '0')}s`;
  return `${Math.floor(whole / 3600)}h${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')}m`;
}

/** Writes over the terminal's last line; never more than its width, which would leave lines behind. */
export const overwrite = (output: Output, text: string, last: boolean): void =>
  void output.write(`\r\u001b[K${fitText(text, Math.max(20, (output.columns ?? 80) - 1)).trimEnd()}${last ? '\n' : ''}`);

/** Time left at the pace so far; empty until there is a pace. `seconds`: passed since the start. */
export const timeLeft = (share: number, seconds: number): string =>
  share <= 0 || share >= 1 || seconds <= 0 ? '' : `  ${formatSeconds((seconds / share) * (1 - share))} left`;

/** Shows a download: one line that is written over on a terminal, one line per quarter in a pipe. */
export function downloadBar(output: Output, now: () => number = () => performance.now()) {
  const quarters = new Map<string, number>();
  const begun = new Map<string, { at: number; bytes: number }>();
  return (event: { model: string; source: string; receivedBytes: number; totalBytes: number }): void => {
    const share = event.totalBytes === 0 ? 0 : event.receivedBytes / event.totalBytes;
    // A file that was left half way goes on from there: only what comes now tells the pace.
    const start = begun.get(event.model) ?? { at: now(), bytes: event.receivedBytes };
    begun.set(event.model, start);
    if (output.isTTY) {
      const sizes = `${Math.round(event.receivedBytes / MB)}/${Math.round(event.totalBytes / MB)} MB`;
      const pace = (event.receivedBytes - start.bytes) / Math.max(1, event.totalBytes - start.bytes);
      const left = timeLeft(pace, (now() - start.at) / 1000);
      overwrite(output, `${event.model}  [${bar(share)}] ${Math.round(share * 100)}%  ${sizes}${left}  from ${event.source}`, share >= 1);
      return;
    }
    const quarter = Math.floor(share * 4);
    if (quarters.get(event.model) === quarter) return;
    quarters.set(event.model, quarter);
    output.write(`${event.model}: ${Math.round(share * 100)}% of ${Math.round(event.totalBytes / MB)} MB from ${event.source}\n`);
  };
}

/** Shows step after step of a known number: one line that is written over on a terminal, a line a step in a pipe. */
export function stepBar(output: Output, steps: number, now: () => number = () => performance.now()) {
  const startedAt = now();
  return (done: number, label: string): void => {
    const share = steps === 0 ? 1 : done / steps;
    if (output.isTTY) overwrite(output, `[${bar(share)}] ${done}/${steps}${timeLeft(share, (now() - startedAt) / 1000)}  ${label}`, done >= steps);
    else output.write(`${done}/${steps} ${label}\n`);
  };
}

/** Says on a terminal what is waited for, and for how long already; nothing in a pipe. The result takes it away again. */
export function waiting(output: Output, label: string): () => void {
  if (!output.isTTY) return () => undefined;
  const startedAt = performance.now();
  const show = (): void => overwrite(output, `${label} ${formatSeconds((performance.now() - startedAt) / 1000)}`, false);
  show();
  const timer = setInterval(show, TICK_MS);
  return () => {
    clearInterval(timer);
    output.write('\r\u001b[K');
  };
}
