import type { FastifyInstance } from 'fastify';
import type { HttpContext } from './http-api-parts.js';

/** One line a request: method, route pattern, status, duration and correlation id; the id also goes back as x-request-id. */
export function addAccessLog(app: FastifyInstance, { log, telemetry }: HttpContext): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    const ms = Math.round(reply.elapsedTime * 100) / 100;
    log.info('http.request', { correlationId: request.id, method: request.method, route, status: reply.statusCode, ms });
    telemetry.timing('colloquy_http_request_duration', reply.elapsedTime, { method: request.method, route, status: String(reply.statusCode) });
  });
}
