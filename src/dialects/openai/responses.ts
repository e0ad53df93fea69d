import type { Dialect } from '../dialect.ts';
import { decodeResponse } from './responses-decode.ts';
import { encodeResponse } from './responses-encode.ts';
import { responseFrames } from './responses-frames.ts';

/** POST /v1/responses. */
export const openaiResponses: Dialect = {
  name: 'responses',
  streamType: 'text/event-stream',
  decode: (body) => decodeResponse(body),
  encode: encodeResponse,
  frames: responseFrames,
  heartbeat: ': ping\n\n',
};
