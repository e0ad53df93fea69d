interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const MB = 1_000_000;
const BAR = 24;

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

/** Shows a download: one line that is written over on a terminal, one line per quarter in a pipe. */
export function downloadBar(output: Output) {
  const quarters = new Map<string, number>();
  return (event: { model: string; source: string; receivedBytes: number; totalBytes: number }): void => {
    const share = event.totalBytes === 0 ? 0 : event.receivedBytes / event.totalBytes;
    const sizes = `${Math.round(event.receivedBytes / MB)}/${Math.round(event.totalBytes / MB)} MB`;
    if (output.isTTY) {
      output.write(`\r\u001b[K${event.model}  [${bar(share)}] ${Math.round(share * 100)}%  ${sizes}  from ${event.source}${share >= 1 ? '\n' : ''}`);
      return;
    }
    const quarter = Math.floor(share * 4);
    if (quarters.get(event.model) === quarter) return;
    quarters.set(event.model, quarter);
    output.write(`${event.model}: ${Math.round(share * 100)}% of ${Math.round(event.totalBytes / MB)} MB from ${event.source}\n`);
  };
}

/** Shows step after step of a known number: one line that is written over on a terminal, a line a step in a pipe. */
export function stepBar(output: Output, steps: number) {
  return (done: number, label: string): void => {
    const share = steps === 0 ? 1 : done / steps;
    if (output.isTTY) output.write(`\r\u001b[K[${bar(share)}] ${done}/${steps}  ${label}${done >= steps ? '\n' : ''}`);
    else output.write(`${done}/${steps} ${label}\n`);
  };
}
