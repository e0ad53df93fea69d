import type { Dialect } from '../dialect.ts';
import { decodeChat } from './chat-decode.ts';
import { chatFrames, encodeChat } from './chat-encode.ts';

/** POST /v1/chat/completions. */
export const openaiChat: Dialect = {
  name: 'openai',
  streamType: 'text/event-stream',
  decode: decodeChat,
  encode: encodeChat,
  frames: chatFrames,
  heartbeat: ': ping\n\n',
};
