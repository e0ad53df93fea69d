/** What a tool call may tell while it runs. */
export interface ProgressSink {
  readonly token: string | number | undefined;
  send(params: { progressToken: string | number; progress: number; total?: number; message: string }): Promise<void>;
}

/** Between signs of life while a model thinks, ms. */
const BEAT_MS = 5_000;

/** Tells a client that asked for it how far a call is; beats while one step takes long, so that the client does not give up. */
export function createProgress(sink: ProgressSink, total: number | undefined, now: () => number) {
  const startedAt = now();
  let steps = 0;
  let beats = 0;
  let message = '';
  const tell = (): void => {
    const { token } = sink;
    if (token === undefined) return;
    // Every report must be higher than the one before: a beat is a small part of a step.
    const progress = steps + (1 - 1 / (beats + 1)) * 0.9;
    void sink.send({ progressToken: token, progress, message, ...(total !== undefined && { total }) }).catch(() => undefined);
  };
  const timer = setInterval(() => {
    beats += 1;
    message = `${message.replace(/ \(\d+ s\)$/, '')} (${Math.round((now() - startedAt) / 1000)} s)`;
    tell();
  }, BEAT_MS);
  timer.unref();
  return {
    /** A step begins. */
    step(text: string): void {
      if (message !== '') steps += 1;
      beats = 0;
      message = text;
      tell();
    },
    end: (): void => clearInterval(timer),
  };
}

export type Progress = ReturnType<typeof createProgress>;
