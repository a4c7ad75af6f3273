import { problemSchema } from '@colloquy/contracts';
import { memoryMediaStore, parseMessage, silentLogger, systemClock } from '@colloquy/core';
import { memoryDeadLetters, memoryParking, memorySink, memoryStore } from '@colloquy/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpApi } from './create-http-api.js';
import type { HttpApi } from './http-api-parts.js';
import { liveFeed } from './live-feed.js';
import { rulePipeline } from './rule-pipeline.js';

const bodies = 10_000;
const inbound = memorySink();
let api: HttpApi;

beforeAll(async () => {
  api = await createHttpApi({
    store: memoryStore(),
    inbound,
    media: memoryMediaStore(),
    pipeline: rulePipeline(),
    deadLetters: memoryDeadLetters(),
    parking: memoryParking(),
    checks: {},
    live: liveFeed(),
    delivery: { status: () => ({ state: 'running', inFlight: 0 }) },
    log: silentLogger,
    clock: systemClock,
    options: { rateLimitPerMinute: 1_000_000, maxBodyBytes: 1_000_000 },
  });
});
afterAll(() => api.close());

const good = {
  id: 'm-1',
  conversationId: 'c-1',
  at: '2026-03-02T15:04:05Z',
  author: { id: '+525512345678', role: 'customer', name: 'Ana' },
  channel: 'whatsapp',
  direction: 'inbound',
  text: 'cuánto cuesta 🚰?',
  media: [{ kind: 'image', ref: `sha256-${'0'.repeat(64)}`, caption: 'foto', latitude: 19.4 }],
  meta: { a: [1, { b: null }] },
};

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', ' ', '\u0000', '\ud800', 'x\udfffy', '__proto__', 'constructor', '\r\n', '‮‏', 'x'.repeat(70_000)));
const oddValue = fc.oneof(text, fc.double(), fc.constantFrom(null, true, [], {}, [[]], 1e308, -0, '2026-99-99T99:99:99Z', '+275760-09-13T00:00:00Z', '0000-00-00'), fc.jsonValue({ maxDepth: 4 }));
const path = fc.constantFrom('id', 'conversationId', 'at', 'author', 'author.id', 'author.role', 'author.name', 'channel', 'direction', 'text', 'media', 'media.0', 'media.0.kind', 'media.0.ref', 'media.0.file', 'media.0.latitude', 'meta', 'meta.a', 'colour', '__proto__', 'constructor');

/** A good message with up to three fields changed, taken away or added. */
const mutated = fc.array(fc.tuple(path, fc.option(oddValue, { nil: undefined })), { minLength: 0, maxLength: 3 }).map((changes) => {
  const message = structuredClone(good) as Record<string, unknown>;
  for (const [at, value] of changes) change(message, at.split('.'), value);
  return message;
});

function change(target: Record<string, unknown>, [key = '', ...rest]: readonly string[], value: unknown): void {
  const inner = target[key];
  if (rest.length > 0 && typeof inner === 'object' && inner !== null) change(inner as Record<string, unknown>, rest, value);
  else if (value === undefined) delete target[key];
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

const nested = fc.tuple(fc.integer({ min: 1, max: 20_000 }), fc.constantFrom('[]', '{}', 'meta')).map(([depth, kind]) => {
  const deep = kind === '[]' ? '['.repeat(depth) + ']'.repeat(depth) : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  return kind === 'meta' ? `{"id":"m","conversationId":"c","text":"x","meta":${deep.startsWith('{') ? deep : '{}'}}` : deep;
});
const broken = fc.tuple(mutated, fc.nat(), fc.uint8Array({ maxLength: 4 })).map(([message, at, bytes]) => {
  const json = Buffer.from(JSON.stringify(message));
  const cut = at % (json.length + 1);
  return Buffer.concat([json.subarray(0, cut), bytes, json.subarray(cut + (at % 3))]);
});

const payload = fc.oneof(
  { weight: 6, arbitrary: mutated.map((message) => JSON.stringify(message)) },
  { weight: 3, arbitrary: fc.array(fc.oneof(mutated, oddValue), { maxLength: 12 }).map((list) => JSON.stringify(list)) },
  { weight: 3, arbitrary: broken },
  { weight: 2, arbitrary: fc.json() },
  { weight: 1, arbitrary: nested },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: fc.constantFrom('{"id":"m","conversationId":"c","text":"\\ud800"}', '{"id":"m","id":{},"conversationId":"c","text":"x"}', '\ufeff{}', 'NaN', '-', '"', `"${'x'.repeat(1_100_000)}"`, `[${'{},'.repeat(1_500)}{}]`) },
);
const contentType = fc.oneof({ weight: 8, arbitrary: fc.constant('application/json') }, { weight: 2, arbitrary: fc.constantFrom('application/json; charset=latin1', 'text/plain', 'application/xml', 'multipart/form-data; boundary=x', ';', 'a/b/c', 'application/JSON ', '\u00e9') });
const requestId = fc.option(fc.string({ maxLength: 200 }).map((id) => id.replace(/[^\x20-\x7e]/g, '')), { nil: undefined });

describe(`${bodies} fuzzed bodies against POST /messages`, () => {
  it('never crash it, never make it fail, and what it takes in is valid', async () => {
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(payload, contentType, requestId, async (body, type, id) => {
        const before = inbound.all().length;
        const response = await api.app.inject({
          method: 'POST',
          url: '/messages',
          headers: { 'content-type': type, ...(id === undefined ? {} : { 'x-request-id': id }) },
          payload: Buffer.from(body),
        });
        statuses.set(response.statusCode, (statuses.get(response.statusCode) ?? 0) + 1);
        const added = inbound.all().slice(before);
        for (const { value } of added) parseMessage(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(value)));
        if (response.statusCode === 202) expect(response.json()).toMatchObject({ accepted: added.length });
        else {
          expect([400, 413, 415]).toContain(response.statusCode);
          expect(problemSchema.safeParse(response.json()).error).toBeUndefined();
          expect(added).toEqual([]);
        }
      }),
      { numRuns: bodies, endOnFailure: true },
    );
    expect([...statuses.values()].reduce((sum, count) => sum + count, 0)).toBe(bodies);
    for (const status of [202, 400, 413, 415]) expect(statuses.get(status), `answers of ${status}`).toBeGreaterThan(20);
  }, 240_000);

  it('leave Object.prototype alone', async () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('fuzzed addresses', () => {
  const route = fc.constantFrom('/messages/', '/conversations/', '/media/', '/conversations?after=', '/conversations?intent=', '/dead-letters?after=', '/');
  it('are never a failure', async () => {
    await fc.assert(
      fc.asyncProperty(route, fc.oneof(text, fc.string()), fc.boolean(), async (start, rest, encode) => {
        const tail = encode ? encodeURIComponent(Buffer.from(rest).toString()) : rest.replace(/[^\x21-\x7e]/g, '');
        const { statusCode } = await api.app.inject({ method: 'GET', url: `${start}${tail}`, headers: { host: 'localhost' } });
        expect([200, 400, 404, 414]).toContain(statusCode);
      }),
      { numRuns: 1_000, endOnFailure: true },
    );
  }, 60_000);
});
