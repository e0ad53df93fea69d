import type { Dialect } from '../dialect.ts';
import { decodeMessages } from './decode.ts';
import { encodeMessage } from './encode.ts';
import { messageFrames } from './frames.ts';

/** POST /v1/messages. */
export const anthropicMessages: Dialect = {
  name: 'anthropic',
  streamType: 'text/event-stream',
  decode: decodeMessages,
  encode: encodeMessage,
  frames: messageFrames,
  heartbeat: 'event: ping\ndata: {"type": "ping"}\n\n',
};
