export interface Toxics {
  latency?: number;
  jitter?: number;
  /** KB/s. */
  rate?: number;
  /** Bytes. */
  slice?: number;
  sliceDelay?: number;
  /** Bytes, then FIN. */
  limit?: number;
  /** Bytes, then RST. */
  limitReset?: number;
  blackhole?: boolean;
  timeout?: number;
  reset?: boolean;
  down?: boolean;
}

export interface Toxic {
  readonly port: number;
  stats(): { accepted: number; bytesUp: number; bytesDown: number; open: number };
  set(toxics: Toxics, direction?: 'down' | 'up'): Promise<void>;
  clear(): Promise<void>;
  kill(): void;
  close(): void;
}

export function toxic(options: { target: number; port?: number; host?: string; rng?: () => number }): Promise<Toxic>;
