import type { FastifyInstance } from 'fastify';
import { dependencyChecks } from './dependency-checks.js';
import type { HttpContext } from './http-api-parts.js';
import { described } from './openapi.js';

/** /health/live: the process answers. /health/ready: it can do its work. /health: the same with the counts of what went wrong. */
export function addHealthRoutes(app: FastifyInstance, context: HttpContext): void {
  const { clock, delivery, deadLetters, parking } = context;
  const startedAt = clock.now();
  const checks = dependencyChecks(context);
  const uptimeMs = () => clock.now() - startedAt;

  const readiness = async () => {
    const results = await checks();
    const status = delivery.status();
    const up = status.state === 'running' && [...Object.values(results), ...Object.values(status.dependencies ?? {})].every((one) => one.status === 'up');
    return { status: up ? ('up' as const) : ('down' as const), uptimeMs: uptimeMs(), delivery: status, checks: results };
  };

  app.get('/health/live', { schema: described({ summary: 'Is the process alive?', tag: 'operation', answers: { 200: 'Live' } }) }, () => ({ status: 'up', uptimeMs: uptimeMs() }));

  const ready = described({ summary: 'Can it do its work?', description: '503 while a dependency is down, or delivery is starting, stalled, draining or stopped.', tag: 'operation', answers: { 200: 'Health', 503: 'Health' } });
  app.get('/health/ready', { schema: ready }, async (_request, reply) => {
    const health = await readiness();
    return reply.code(health.status === 'up' ? 200 : 503).send(health);
  });

  app.get('/health', { schema: { ...ready, summary: 'How is it?', description: 'As /health/ready, with the number of parked and dead messages.' } }, async (_request, reply) => {
    const [health, parked, dead] = await Promise.all([readiness(), counted(() => parking.count()), counted(() => deadLetters.count())]);
    return reply.code(health.status === 'up' ? 200 : 503).send({ ...health, ...(parked === undefined ? {} : { parked }), ...(dead === undefined ? {} : { deadLetters: dead }) });
  });
}

/** Absent where the store that knows does not answer: its check tells so already. */
async function counted(count: () => Promise<number>): Promise<number | undefined> {
  return count().catch(() => undefined);
}
