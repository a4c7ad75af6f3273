import fastifyHelmet from '@fastify/helmet';
import fastifyRateLimit from '@fastify/rate-limit';
import fastifyWebsocket from '@fastify/websocket';
import { colloquyError, noTelemetry } from '@colloquy/core';
import fastify, { type FastifyInstance } from 'fastify';
import { addAccessLog } from './access-log.js';
import { addConversationRoutes } from './conversation-routes.js';
import { correlationIdOf } from './correlation-id.js';
import { addDeadLetterRoutes } from './dead-letter-routes.js';
import { addHealthRoutes } from './health-routes.js';
import type { HttpApi, HttpApiOptions, HttpApiParts, HttpContext } from './http-api-parts.js';
import { parseJsonBody } from './json-body.js';
import { addLiveRoute } from './live-route.js';
import { addMediaRoutes } from './media-routes.js';
import { addMessageRoutes } from './message-routes.js';
import { addMetricsRoute } from './metrics-route.js';
import { addOpenApi } from './openapi.js';
import { addPage, builtPageDir } from './page-routes.js';
import { answerProblem } from './problem.js';
import { requestGuard } from './request-guard.js';

const defaults: Omit<Required<HttpApiOptions>, 'pageDir'> = {
  host: '127.0.0.1',
  port: 8080,
  allowedHosts: [],
  maxBodyBytes: 8 * 1024 * 1024,
  maxMediaBytes: 32 * 1024 * 1024,
  rateLimitPerMinute: 6_000,
  checkTimeoutMs: 2_000,
  checkCacheMs: 1_000,
  liveHeartbeatMs: 15_000,
  liveMaxBufferedBytes: 4 * 1024 * 1024,
  liveMaxClients: 100,
};

/** The server of docs/guides/http-api.md. It owns none of the parts: close() leaves them open. */
export async function createHttpApi(parts: HttpApiParts): Promise<HttpApi> {
  const options = { ...defaults, pageDir: builtPageDir(), ...parts.options };
  const context: HttpContext = { ...parts, telemetry: parts.telemetry ?? noTelemetry, options };
  const app = newServer(context);
  await addDefences(app, context);
  await addOpenApi(app);
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, parseJsonBody);
  addMessageRoutes(app, context);
  await addMediaRoutes(app, context);
  addConversationRoutes(app, context);
  addDeadLetterRoutes(app, context);
  addHealthRoutes(app, context);
  addMetricsRoute(app, context);
  addLiveRoute(app, context);
  await addPage(app, context);
  await app.ready();
  return { app, listen: () => listen(app, options), close: () => app.close() };
}

const longestIdInPath = 256 * 9;
const unlimitedPaths = new Set(['/health', '/health/live', '/health/ready', '/metrics']);

function newServer(context: HttpContext): FastifyInstance {
  const app = fastify({
    bodyLimit: context.options.maxBodyBytes,
    requestTimeout: 60_000,
    requestIdHeader: false,
    genReqId: correlationIdOf,
    routerOptions: { maxParamLength: longestIdInPath },
    frameworkErrors: (error, request, reply) => answerProblem(context, error, request, reply),
  });
  // What comes in is checked by parseMessage and the contracts, and what goes out is ours: schemas are for OpenAPI only.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.removeAllContentTypeParsers();
  app.setErrorHandler((error, request, reply) => answerProblem(context, error, request, reply));
  return app;
}

async function addDefences(app: FastifyInstance, context: HttpContext): Promise<void> {
  const { rateLimitPerMinute, host, allowedHosts } = context.options;
  addAccessLog(app, context);
  // Before all that may refuse: it ends the connection of a refused upgrade, which close() would wait for.
  await app.register(fastifyWebsocket, { options: { maxPayload: 1024 } });
  app.addHook('onRequest', requestGuard(host, allowedHosts));
  await app.register(fastifyHelmet, { contentSecurityPolicy: { useDefaults: false, directives: pagePolicy }, strictTransportSecurity: false });
  await app.register(fastifyRateLimit, {
    max: rateLimitPerMinute,
    timeWindow: 60_000,
    allowList: (request) => unlimitedPaths.has(request.routeOptions.url ?? ''),
    errorResponseBuilder: () => colloquyError('HTTP_RATE_LIMITED', { max: rateLimitPerMinute }),
  });
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, () => {
    throw colloquyError('HTTP_NOT_FOUND', { what: 'such route' });
  });
}

const pagePolicy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  mediaSrc: ["'self'"],
  connectSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
  requireTrustedTypesFor: ["'script'"],
};

async function listen(app: FastifyInstance, { host, port }: { host: string; port: number }): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    const problem = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw colloquyError('HTTP_LISTEN_FAILED', { host, port, problem }, error);
  }
}
