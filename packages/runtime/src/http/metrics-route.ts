import type { FastifyInstance } from 'fastify';
import type { HttpContext } from './http-api-parts.js';
import { described } from './openapi.js';

export function addMetricsRoute(app: FastifyInstance, { metrics }: HttpContext): void {
  if (metrics === undefined) return;
  const schema = described({ summary: 'Metrics for Prometheus', description: 'docs/reference/metrics.md', tag: 'operation', answers: { 200: 'text/plain' } });
  app.get('/metrics', { schema }, async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
}
