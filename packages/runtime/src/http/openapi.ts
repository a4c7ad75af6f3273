import fastifySwagger from '@fastify/swagger';
import { httpSchemas } from '@colloquy/contracts';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { z } from 'zod';

/** Describes every route added after it, and answers the description at /openapi.json. */
export async function addOpenApi(app: FastifyInstance): Promise<void> {
  const { schemas } = z.toJSONSchema(httpSchemas, { uri: (id) => `${id}#`, io: 'input', override: shorten });
  for (const [id, schema] of Object.entries(schemas)) {
    const { $schema: _, ...rest } = schema as Record<string, unknown>;
    app.addSchema({ ...rest, $id: id });
  }
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Colloquy runner', version: '1', description: 'Takes messages in, answers enriched conversations. Guide: docs/guides/http-api.md.', license: { name: 'MIT', identifier: 'MIT' } },
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, index) => (typeof json.$id === 'string' ? json.$id : `Schema${index}`) },
  });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
}

export interface Described {
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  /** Name of a schema of the contracts, or a content type. */
  readonly answers: Readonly<Record<number, string>>;
  readonly body?: object;
  readonly bodyType?: string;
  readonly query?: z.ZodType;
  readonly params?: Readonly<Record<string, string>>;
}

/** The schema of a route for OpenAPI. Every route may also answer a Problem. */
export function described(route: Described): FastifySchema {
  const answer = (name: string) => (name.includes('/') ? { description: name, content: { [name]: { schema: { type: 'string' } } } } : { description: name, ...ref(name) });
  return {
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    tags: [route.tag],
    ...(route.body === undefined ? {} : { body: route.body, consumes: [route.bodyType ?? 'application/json'] }),
    ...(route.query === undefined ? {} : { querystring: queryJson(route.query) }),
    ...(route.params === undefined ? {} : { params: paramsJson(route.params) }),
    response: {
      ...Object.fromEntries(Object.entries(route.answers).map(([status, name]) => [status, answer(name)])),
      default: { description: 'A problem (RFC 9457), by its code', content: { 'application/problem+json': { schema: ref('Problem') } } },
    },
  } as FastifySchema;
}

export function ref(name: string): { readonly $ref: string } {
  return { $ref: `${name}#` };
}

function queryJson(schema: z.ZodType): object {
  const { $schema: _, additionalProperties: __, required: ___, ...rest } = z.toJSONSchema(schema, { override: shorten }) as Record<string, unknown>;
  return rest;
}

function paramsJson(params: Readonly<Record<string, string>>): object {
  const properties = Object.entries(params).map(([name, description]) => [name, { type: 'string', description }]);
  return { type: 'object', properties: Object.fromEntries(properties), required: Object.keys(params) };
}

/** Takes out what `format` says already, and `readOnly`, which means something else in OpenAPI. */
function shorten({ jsonSchema }: { jsonSchema: { format?: string; pattern?: string; readOnly?: boolean } }): void {
  delete jsonSchema.readOnly;
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
}
