import { STATUS_CODES } from 'node:http';
import { colloquyError, errorTable, isColloquyError, safeFrames, type ColloquyError, type ErrorCode, type ErrorKind } from '@colloquy/core';
import type { ItemResult, Problem } from '@colloquy/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpContext } from './http-api-parts.js';

/** A list of messages of which none was valid. */
type ListRefused = ColloquyError & { readonly items: readonly ItemResult[] };

/**
 * Answers an error as application/problem+json: its code and the text of the error table, never a stack and never what the
 * client sent. Answers of 500 and above are logged; a bug with where in the code it arose.
 */
export function answerProblem(context: HttpContext, thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = classifiedHttp(thrown, request);
  const status = statusOf(error);
  if (status >= 500) logFailure(context, error, thrown, request);
  if (error.kind === 'transient') reply.header('retry-after', '5');
  return reply.code(status).header('x-request-id', request.id).type('application/problem+json').send(problemOf(error, status, request.id));
}

const statusByKind: Readonly<Record<ErrorKind, number>> = { input: 400, config: 500, transient: 503, fault: 422, bug: 500 };
const statusByCode: Readonly<Record<string, number>> = {
  HTTP_NOT_FOUND: 404,
  HTTP_TYPE_UNSUPPORTED: 415,
  HTTP_BODY_TOO_LARGE: 413,
  HTTP_RATE_LIMITED: 429,
  HTTP_ORIGIN_REFUSED: 403,
};

function statusOf(error: ColloquyError): number {
  return statusByCode[error.code] ?? statusByKind[error.kind];
}

function classifiedHttp(thrown: unknown, request: FastifyRequest): ColloquyError {
  if (isColloquyError(thrown)) return thrown;
  const { code = '', statusCode = 500 } = thrown as { readonly code?: string; readonly statusCode?: number };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return colloquyError('HTTP_BODY_TOO_LARGE', { maxBytes: request.routeOptions.bodyLimit });
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return colloquyError('HTTP_TYPE_UNSUPPORTED', { expected: 'application/json' });
  }
  if (statusCode >= 400 && statusCode < 500) return colloquyError('HTTP_REQUEST_INVALID', { problem: /^[A-Z_]+$/.test(code) ? code : `status ${statusCode}` });
  return colloquyError('INTERNAL', { where: 'the HTTP interface' }, thrown);
}

function problemOf(error: ColloquyError, status: number, correlationId: string): Problem {
  const items = (error as Partial<ListRefused>).items;
  return {
    type: `urn:colloquy:error:${error.code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code: error.code,
    detail: detailOf(error),
    correlationId,
    ...(items === undefined ? {} : { items: [...items] }),
  };
}

/** Errors of third parties and bugs may quote anything: of them only the code is told. */
export function detailOf(error: ColloquyError): string {
  if (error.kind === 'bug') return 'Found an unexpected error in the server. Look for the correlation id in its log.';
  return isOurs(error.code) ? error.message : 'The code is that of an adapter or stage; see its documentation.';
}

function isOurs(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code);
}

function logFailure({ log }: HttpContext, error: ColloquyError, thrown: unknown, request: FastifyRequest): void {
  const root = error.cause ?? thrown;
  log.error('http.failed', {
    correlationId: request.id,
    route: request.routeOptions.url ?? 'none',
    code: error.code,
    kind: error.kind,
    error: root instanceof Error ? root.name : typeof root,
    ...(error.kind === 'bug' && root instanceof Error ? { at: safeFrames(root).slice(0, 5).join(' | ') } : {}),
  });
}
