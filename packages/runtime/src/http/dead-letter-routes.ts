import { pageQuerySchema, type DeadLetterPageAnswer } from '@colloquy/contracts';
import type { DeadLetter } from '@colloquy/core';
import type { FastifyInstance } from 'fastify';
import type { HttpContext } from './http-api-parts.js';
import { described } from './openapi.js';
import { parseQuery } from './parse-query.js';

export function addDeadLetterRoutes(app: FastifyInstance, { deadLetters }: HttpContext): void {
  app.get(
    '/dead-letters',
    {
      schema: described({
        summary: 'Messages that could not be processed, newest first',
        description: 'Ids, codes and positions; never what the messages say.',
        tag: 'operation',
        query: pageQuerySchema,
        answers: { 200: 'DeadLetterPage' },
      }),
    },
    async (request) => {
      const { limit, after } = parseQuery(pageQuerySchema, request.query);
      const [page, total] = await Promise.all([deadLetters.list({ limit, ...(after === undefined ? {} : { after }) }), deadLetters.count()]);
      return { total, items: page.items.map(withoutContents), ...(page.next === undefined ? {} : { next: page.next }) };
    },
  );
}

function withoutContents(letter: DeadLetter): DeadLetterPageAnswer['items'][number] {
  const { id, source, record, deadAt, attempts, stage, code, kind, fingerprint, messageId, conversationId, pipeline, codeVersion } = letter;
  return {
    id,
    source,
    partition: record.partition,
    offset: record.offset,
    deadAt,
    attempts,
    ...(stage === undefined ? {} : { stage }),
    code,
    kind,
    fingerprint,
    sizeBytes: record.value?.length ?? 0,
    ...(messageId === undefined ? {} : { messageId }),
    ...(conversationId === undefined ? {} : { conversationId }),
    pipeline: [...pipeline],
    codeVersion,
  };
}
