import type { ChatRequest, Message } from '../../core/chat.ts';
import { GatewayError } from '../../core/errors.ts';

const NAMES = { user: 'User', assistant: 'Assistant', tool: 'Tool result' } as const;

function textOf(message: Message): string {
  const parts = message.content.map((part) => {
    if (part.type === 'text') return part.text;
    throw new GatewayError('invalid-request', 'Command-line models take text only, no images.', { param: 'messages' });
  });
  return parts.join('\n');
}

/**
 * A conversation as the one text that a program reads from its standard input. Throws 'invalid-request' for images, several choices,
 * and NUL, which no program takes.
 */
export function toPrompt(request: ChatRequest): string {
  if (request.choices > 1) throw new GatewayError('invalid-request', 'Command-line models give one answer a request.', { param: 'n' });
  const system = request.messages.filter(({ role }) => role === 'system').map(textOf);
  const turns = request.messages.filter(({ role }) => role !== 'system');
  const [first] = turns;
  const single = turns.length === 1 && first?.role === 'user';
  const spoken = turns.map((turn) => (single ? textOf(turn) : `${NAMES[turn.role as keyof typeof NAMES]}: ${textOf(turn)}`));
  if (!single) spoken.unshift('The conversation so far; answer the last message as the assistant, without a name before it.');
  if (request.responseFormat.type === 'json') {
    const { schema } = request.responseFormat;
    spoken.push(`Answer with JSON only${schema === undefined ? '' : ` that fits this schema: ${JSON.stringify(schema)}`}, without a code fence.`);
  }
  const text = [...system, ...spoken].join('\n\n');
  if (text.includes('\0'))
    throw new GatewayError('invalid-request', "The text holds a NUL character, which command-line models can't read.", { param: 'messages' });
  // These programs take a first character of this kind as the beginning of a command of theirs.
  return /^\s*[/!@#]/.test(text) ? `The message:\n${text}` : text;
}
