import type { ChatRequest, Message } from '../core/chat.ts';
import { hash } from './replicas.ts';

/** How much of a turn tells conversations apart, beside its length. */
const HEAD_CHARS = 500;

function headOf(message: Message | undefined): string {
  if (message === undefined) return '';
  let text = '';
  let length = 0;
  for (const part of message.content) {
    const piece = part.type === 'text' ? part.text : part.data;
    length += piece.length;
    if (text.length < HEAD_CHARS) text += piece.slice(0, HEAD_CHARS - text.length);
  }
  return `${length}:${text}`;
}

/** Same for every turn of one conversation, and for all that begin alike: system prompt and first user turn. */
export function conversationKey(request: ChatRequest, tenant: string): string {
  const system = request.messages.find((message) => message.role === 'system');
  const first = request.messages.find((message) => message.role === 'user');
  return `${tenant}:${hash(headOf(system)).toString(36)}:${hash(headOf(first)).toString(36)}`;
}

/** Whether an earlier turn was answered already, so that staying with its model pays. */
export const isFollowUp = (request: ChatRequest): boolean => request.messages.some((message) => message.role === 'assistant');
