/** Requests allowed in a window of time. */
export interface Rate {
  readonly requests: number;
  readonly windowMs: number;
}

/** A window after a request was counted in it. */
export interface Window {
  /** Requests so far, this one included. */
  readonly count: number;
  /** Epoch ms. */
  readonly endsAt: number;
}

/** Counts requests of a key or address: those that wait for an answer and lines of batches in the same window. */
export interface Rates {
  count(tenant: string, windowMs: number): Promise<Window>;
}
