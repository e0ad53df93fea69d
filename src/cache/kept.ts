import type { ChatEvent } from '../core/chat.ts';
import type { ModelRef } from '../core/model.ts';

/** A finished answer as it is kept. */
export interface CachedAnswer {
  readonly served?: ModelRef;
  readonly events: readonly ChatEvent[];
}
