import { colloquyError, type Message, type StoredMessage } from '@colloquy/core';
import type { FastifyInstance } from 'fastify';
import { acceptMessages } from './accept-messages.js';
import type { HttpContext } from './http-api-parts.js';
import { described, ref } from './openapi.js';

const params = { id: 'Id of the message' };
type ById = { Params: { id: string } };

export function addMessageRoutes(app: FastifyInstance, context: HttpContext): void {
  app.post(
    '/messages',
    {
      schema: described({
        summary: 'Take in one message or a list',
        description: 'Answers 202 once the valid ones are durable in the inbound log; they are enriched and stored after that. Sending a message again changes nothing. In a list each message is judged alone.',
        tag: 'messages',
        body: { anyOf: [ref('MessageInput'), ref('MessageList')] },
        answers: { 202: 'Accepted' },
      }),
    },
    async (request, reply) => reply.code(202).send(await acceptMessages(context, request.body, request.id)),
  );

  app.get<ById>('/messages/:id', { schema: described({ summary: 'One enriched message', tag: 'messages', params, answers: { 200: 'EnrichedMessage' } }) }, (request) =>
    storedMessage(context, request.params.id),
  );

  app.get<ById>(
    '/messages/:id/explain',
    { schema: described({ summary: 'Why a message was annotated so', description: 'Runs the pipeline again; nothing is stored.', tag: 'messages', params, answers: { 200: 'ExplainedMessage' } }) },
    async (request) => {
      const message = await storedMessage(context, request.params.id);
      const [processed] = await context.pipeline.process([withoutResults(message)], { explain: true });
      if (processed === undefined) throw colloquyError('INTERNAL', { where: 'the pipeline' });
      const { id, conversationId, ann, faults } = processed.doc;
      return { id, conversationId, ann, faults, pipeline: context.pipeline.ids() };
    },
  );
}

async function storedMessage({ store }: HttpContext, id: string): Promise<StoredMessage> {
  const message = await store.message(id);
  if (message === undefined) throw colloquyError('HTTP_NOT_FOUND', { what: 'message of this id' });
  return message;
}

function withoutResults({ id, conversationId, at, author, channel, direction, text, media, meta }: StoredMessage): Message {
  return { id, conversationId, at, author, channel, direction, text, media, meta };
}
