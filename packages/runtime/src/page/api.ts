import type { Accepted, Problem } from '@colloquy/contracts';
import type { ConversationSummary, Doc, MessageInput, Page, SentimentTrend, StoredMessage } from '@colloquy/core';

export type Conversation = Omit<ConversationSummary, 'recent'> & { readonly sentiment?: SentimentTrend };
export type ExplainedMessage = Pick<Doc, 'id' | 'ann' | 'faults'> & { readonly pipeline: readonly string[] };

/** `status` is 0 where there was no answer at all. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    detail: string,
  ) {
    super(detail);
  }
}

export const api = {
  conversations: (query: URLSearchParams) => request<Page<Conversation>>(`/conversations?${query.toString()}`),
  conversation: (id: string) => request<Conversation>(`/conversations/${encodeURIComponent(id)}`),
  messages: (conversationId: string, after?: string) =>
    request<Page<StoredMessage>>(`/conversations/${encodeURIComponent(conversationId)}/messages?limit=100${after === undefined ? '' : `&after=${encodeURIComponent(after)}`}`),
  explain: (messageId: string) => request<ExplainedMessage>(`/messages/${encodeURIComponent(messageId)}/explain`),
  send: (message: MessageInput) => request<Accepted>('/messages', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(message) }),
};

/** Throws ApiError. */
async function request<T>(path: string, init?: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new ApiError(0, 'The runner does not answer. Is it still running?');
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return body as T;
  throw new ApiError(response.status, (body as Partial<Problem> | undefined)?.detail ?? `The runner answered ${response.status}.`);
}
