import { encodeMessage, maxMessagesPerRequest, type Accepted, type ItemResult } from '@colloquy/contracts';
import { colloquyError, isColloquyError, parseMessage, type Message } from '@colloquy/core';
import type { HttpContext } from './http-api-parts.js';
import { detailOf } from './problem.js';

/**
 * Puts the valid messages of a body durably into the inbound log, in their order: messages of one conversation without a time
 * are dated one millisecond apart, since conversations are read by time. Throws the MESSAGE_… error of a single
 * message, HTTP_LIST_INVALID for an empty or too long list, and HTTP_LIST_REFUSED, with `items`, where no message of a list is valid.
 */
export async function acceptMessages({ inbound, clock }: HttpContext, body: unknown, correlationId: string): Promise<Accepted> {
  const list = Array.isArray(body) ? (body as readonly unknown[]) : undefined;
  if (list !== undefined && (list.length === 0 || list.length > maxMessagesPerRequest)) {
    throw colloquyError('HTTP_LIST_INVALID', { found: list.length, max: maxMessagesPerRequest });
  }
  const now = clock.now();
  const messages: Message[] = [];
  const undated = new Map<unknown, number>();
  const take = (value: unknown): Message => {
    const conversation = (value as { conversationId?: unknown } | null)?.conversationId;
    const before = undated.get(conversation) ?? 0;
    const message = parseMessage(value, { now, defaultAt: new Date(now + before).toISOString() });
    undated.set(conversation, before + 1);
    if (message.media.some(({ file }) => file !== undefined)) throw colloquyError('MEDIA_FILE_REFUSED', { problem: 'came over HTTP' });
    messages.push(message);
    return message;
  };
  const items: ItemResult[] = list === undefined ? [{ index: 0, status: 'accepted', id: take(body).id }] : list.map((value, index) => judged(take, value, index));
  if (messages.length === 0) throw Object.assign(colloquyError('HTTP_LIST_REFUSED', { found: items.length }), { items });
  await inbound.append(
    messages.map((message) => ({
      key: message.conversationId,
      value: encodeMessage(message),
      headers: { 'content-type': 'application/json', 'correlation-id': correlationId },
    })),
  );
  return { accepted: messages.length, refused: items.length - messages.length, items };
}

function judged(take: (value: unknown) => Message, value: unknown, index: number): ItemResult {
  try {
    return { index, status: 'accepted', id: take(value).id };
  } catch (error) {
    if (!isColloquyError(error)) throw error;
    return { index, status: 'refused', code: error.code, detail: detailOf(error) };
  }
}
