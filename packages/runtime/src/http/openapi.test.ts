import * as contracts from '@colloquy/contracts';
import { memoryMediaStore, parseMessage, silentLogger, systemClock } from '@colloquy/core';
import { annotated, memoryDeadLetters, memoryParking, memorySink, memoryStore, storedMessage } from '@colloquy/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpApi } from './create-http-api.js';
import type { HttpApi } from './http-api-parts.js';
import { liveFeed } from './live-feed.js';
import { rulePipeline } from './rule-pipeline.js';

interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly { readonly name: string }[];
  readonly responses: Readonly<Record<string, unknown>>;
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

let api: HttpApi;
let document: OpenApi;
const store = memoryStore();
beforeAll(async () => {
  api = await createHttpApi({
    store,
    inbound: memorySink(),
    media: memoryMediaStore(),
    pipeline: rulePipeline(),
    deadLetters: memoryDeadLetters(),
    parking: memoryParking(),
    checks: {},
    live: liveFeed(),
    delivery: { status: () => ({ state: 'running', inFlight: 0 }) },
    metrics: { contentType: 'text/plain', text: async () => '' },
    log: silentLogger,
    clock: systemClock,
  });
  document = (await api.app.inject('/openapi.json')).json<OpenApi>();
});
afterAll(() => api.close());

describe('the OpenAPI document', () => {
  it('is docs/reference/openapi.json', async () => {
    await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot('../../../../docs/reference/openapi.json');
  });

  it('names every route', () => {
    const routes = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
    expect(routes.sort()).toEqual(
      [
        'get /conversations',
        'get /conversations/{id}',
        'get /conversations/{id}/messages',
        'get /dead-letters',
        'get /health',
        'get /health/live',
        'get /health/ready',
        'get /live',
        'get /media/{ref}',
        'get /messages/{id}',
        'get /messages/{id}/explain',
        'get /metrics',
        'post /media',
        'post /messages',
      ].sort(),
    );
  });

  it('has no dangling reference and no unused schema', () => {
    const referred = new Set([...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target));
    const defined = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect([...referred].sort()).toEqual(defined.sort());
  });

  it('says for each route what it is for and how it fails', () => {
    for (const operation of Object.values(document.paths).flatMap((methods) => Object.values(methods))) {
      expect(operation.summary).toMatch(/\w/);
      expect(operation.responses).toHaveProperty('default.content.application/problem+json.schema.$ref', '#/components/schemas/Problem');
    }
  });

  it('lists the filters of conversations', () => {
    expect(document.paths['/conversations']?.['get']?.parameters?.map(({ name }) => name)).toEqual(['intent', 'sentiment', 'entityType', 'language', 'from', 'to', 'limit', 'after']);
  });
});

describe('the contracts', () => {
  it('hold what core knows', () => {
    const message = storedMessage({ id: 'a', media: [{ kind: 'image', caption: 'x' }], ann: { ...annotated.intent('x'), ...annotated.entities('phone') } });
    expect(contracts.enrichedMessageSchema.parse(message)).toEqual(message);
  });

  it.each([
    [{ id: 'a', conversationId: 'c', text: 'x' }, true],
    [{ id: 'a', conversationId: 'c', text: 'x', at: '2026-03-02T15:04:05-06:00', author: { id: 'p' }, media: [{ kind: 'audio', ref: `sha256-${'0'.repeat(64)}` }], meta: { a: [1] } }, true],
    [{ id: 'a', conversationId: 'c', text: 'x', colour: 1 }, false],
    [{ id: 'a', text: 'x' }, false],
    [{ id: '', conversationId: 'c', text: 'x' }, false],
    [{ id: 'a', conversationId: 'c', text: 7 }, false],
    [{ id: 'a', conversationId: 'c', text: 'x', direction: 'up' }, false],
    [{ id: 'a', conversationId: 'c', text: 'x', media: [{ kind: 'image', ref: 'x' }] }, false],
  ])('judge %j as parseMessage does', (message, valid) => {
    expect(contracts.messageInputSchema.safeParse(message).success).toBe(valid);
    const parse = () => parseMessage(message);
    if (valid) expect(parse).not.toThrow();
    else expect(parse).toThrow();
  });

  it('hold what the routes answer', async () => {
    await store.save([storedMessage({ id: 'm', text: 'price +525512345678' })]);
    const json = async (url: string) => (await api.app.inject(url)).json<unknown>();
    expect(contracts.enrichedMessageSchema.safeParse(await json('/messages/m')).error).toBeUndefined();
    expect(contracts.explainedMessageSchema.safeParse(await json('/messages/m/explain')).error).toBeUndefined();
    expect(contracts.problemSchema.safeParse(await json('/messages/none')).error).toBeUndefined();
    expect(contracts.conversationPageSchema.safeParse(await json('/conversations')).error).toBeUndefined();
    expect(contracts.messagePageSchema.safeParse(await json('/conversations/conversation-1/messages')).error).toBeUndefined();
    expect(contracts.deadLetterPageSchema.safeParse(await json('/dead-letters')).error).toBeUndefined();
    expect(contracts.healthSchema.safeParse(await json('/health')).error).toBeUndefined();
    const accepted = (await api.app.inject({ method: 'POST', url: '/messages', payload: [{ id: 'a', conversationId: 'c', text: 'x' }, 7] })).json<unknown>();
    expect(contracts.acceptedSchema.safeParse(accepted).error).toBeUndefined();
  });
});
