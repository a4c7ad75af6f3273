import { colloquyError } from '@colloquy/core';
import type { FastifyRequest } from 'fastify';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The value of a JSON body in UTF-8. Fails with MESSAGE_NOT_JSON, without cause: engines quote the text in it. */
export function parseJsonBody(_request: FastifyRequest, body: Buffer, done: (error: Error | null, value?: unknown) => void): void {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(body));
  } catch {
    return done(colloquyError('MESSAGE_NOT_JSON', { where: body.length === 0 ? ' (no bytes at all)' : '' }));
  }
  done(null, value);
}
