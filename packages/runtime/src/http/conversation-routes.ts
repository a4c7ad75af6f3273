import { conversationQuerySchema, pageQuerySchema } from '@colloquy/contracts';
import { colloquyError, sentimentTrend, type ConversationQuery, type ConversationSummary } from '@colloquy/core';
import type { FastifyInstance } from 'fastify';
import type { HttpContext } from './http-api-parts.js';
import { described } from './openapi.js';
import { parseQuery } from './parse-query.js';

const params = { id: 'Id of the conversation' };
type ById = { Params: { id: string } };

export function addConversationRoutes(app: FastifyInstance, { store }: HttpContext): void {
  app.get(
    '/conversations',
    { schema: described({ summary: 'Conversations, most recent activity first', tag: 'conversations', query: conversationQuerySchema, answers: { 200: 'ConversationPage' } }) },
    async (request) => {
      const { from, to, ...rest } = parseQuery(conversationQuerySchema, request.query);
      const query = withoutUndefined({ ...rest, from: inUtc(from), to: inUtc(to) }) as unknown as ConversationQuery;
      const page = await store.conversations(query);
      return { ...page, items: page.items.map(conversationOf) };
    },
  );

  app.get<ById>('/conversations/:id', { schema: described({ summary: 'One conversation', tag: 'conversations', params, answers: { 200: 'Conversation' } }) }, async (request) => {
    const summary = await store.conversation(request.params.id);
    if (summary === undefined) throw colloquyError('HTTP_NOT_FOUND', { what: 'conversation of this id' });
    return conversationOf(summary);
  });

  app.get<ById>(
    '/conversations/:id/messages',
    { schema: described({ summary: 'The timeline of a conversation, oldest message first', tag: 'conversations', params, query: pageQuerySchema, answers: { 200: 'MessagePage' } }) },
    async (request) => {
      const { limit, after } = parseQuery(pageQuerySchema, request.query);
      const conversationId = request.params.id;
      const page = await store.messages({ conversationId, limit, ...(after === undefined ? {} : { after }) });
      const absent = page.items.length === 0 && (await store.conversation(conversationId)) === undefined;
      if (absent) throw colloquyError('HTTP_NOT_FOUND', { what: 'conversation of this id' });
      return page;
    },
  );
}

/** As clients see it: the trend instead of what it is computed from. */
function conversationOf(summary: ConversationSummary) {
  const { recent: _, ...rest } = summary;
  const sentiment = sentimentTrend(summary);
  return sentiment === undefined ? rest : { ...rest, sentiment };
}

function inUtc(instant: string | undefined): string | undefined {
  return instant === undefined ? undefined : new Date(instant).toISOString();
}

function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}
