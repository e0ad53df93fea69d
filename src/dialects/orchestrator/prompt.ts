import { z } from 'zod';
import type { Decoded } from '../dialect.ts';
import { bounds, field, parseBody } from '../fields.ts';
import { decodeChat } from '../openai/chat-decode.ts';

const schema = z.looseObject({ model: bounds.model.optional(), prompt: z.string().optional(), messages: z.array(z.unknown()).optional() });

/** Our own routes: a prompt as `prompt` or OpenAI-shaped `messages`; no model at all means auto. */
export function decodePrompt(input: unknown): Decoded {
  const { model = 'auto', prompt, messages, ...rest } = parseBody(schema, input);
  if ((prompt === undefined) === (messages === undefined)) throw field('prompt', "Send either 'prompt' (a text) or 'messages' (a conversation).");
  return decodeChat({ ...rest, model, messages: messages ?? [{ role: 'user', content: prompt }] });
}
