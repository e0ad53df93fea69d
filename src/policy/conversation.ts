import { hash } from 'node:crypto';
import type { ChatRequest, Message } from '../core/chat.ts';

const HEAD_CHARS = 2_000;

const headOf = (message: Message | undefined): string =>
  message === undefined
    ? ''
    : `${message.role}:${message.content.map((part) => (part.type === 'text' ? part.text.slice(0, HEAD_CHARS) : part.mediaType)).join('')}`;

/** Same for every turn of one conversation, and for all that begin alike: system prompt and first user turn. */
export function conversationKey(request: ChatRequest, tenant: string): string {
  const system = request.messages.find((message) => message.role === 'system');
  const first = request.messages.find((message) => message.role === 'user');
  return hash('sha1', `${tenant}\n${headOf(system)}\n${headOf(first)}`, 'base64url');
}

/** Whether an earlier turn was answered already, so that staying with its model pays. */
export const isFollowUp = (request: ChatRequest): boolean => request.messages.some((message) => message.role === 'assistant');
