import { colloquyError, contentRef, memoryMediaStore, silentLogger, type LogFields, type Logger, type MessageInput } from '@colloquy/core';
import { annotated, fakeClock, memoryDeadLetters, memoryParking, memorySink, memoryStore, minuteAt, storedMessage } from '@colloquy/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpApi } from './create-http-api.js';
import type { DeliveryStatus, HttpApi, HttpApiOptions, HttpApiParts } from './http-api-parts.js';
import { liveFeed } from './live-feed.js';
import { rulePipeline } from './rule-pipeline.js';

let api: HttpApi;
let logged: { readonly level: string; readonly event: string; readonly fields: LogFields }[];
let delivery: DeliveryStatus;
const store = memoryStore();
const media = memoryMediaStore();
const deadLetters = memoryDeadLetters();
const log: Logger = { ...silentLogger, info: (event, fields = {}) => logged.push({ level: 'info', event, fields }), error: (event, fields = {}) => logged.push({ level: 'error', event, fields }) };

async function serve(overrides: Partial<HttpApiParts> = {}, options: HttpApiOptions = {}) {
  const inbound = memorySink();
  const parts: HttpApiParts = {
    store,
    inbound,
    media,
    pipeline: rulePipeline(),
    deadLetters,
    parking: memoryParking(),
    checks: { store: () => store.check() },
    live: liveFeed(),
    delivery: { status: () => delivery },
    log,
    clock: fakeClock(),
    ...overrides,
    options: { checkCacheMs: 0, ...options },
  };
  api = await createHttpApi(parts);
  return inbound;
}

beforeEach(async () => {
  logged = [];
  delivery = { state: 'running', inFlight: 0 };
  await store.open();
});
afterEach(() => api.close());

const get = (url: string, headers: Record<string, string> = {}) => api.app.inject({ method: 'GET', url, headers });
const post = (body: unknown, headers: Record<string, string> = {}) =>
  api.app.inject({ method: 'POST', url: '/messages', headers: { 'content-type': 'application/json', ...headers }, payload: typeof body === 'string' ? body : JSON.stringify(body) });
const hello: MessageInput = { id: 'm-1', conversationId: 'c-1', text: 'hello' };

describe('POST /messages', () => {
  it('answers 202 only after the message is in the inbound log', async () => {
    let appended: (() => void) | undefined;
    const slow = memorySink();
    await serve({ inbound: { ...slow, append: (records) => new Promise<void>((resolve) => (appended = resolve)).then(() => slow.append(records)) } });
    let answered = false;
    const answer = post(hello).then((response) => {
      answered = true;
      return response;
    });
    while (appended === undefined) await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    appended();
    const response = await answer;
    expect(response.statusCode).toBe(202);
    expect(response.json()).toEqual({ accepted: 1, refused: 0, items: [{ index: 0, status: 'accepted', id: 'm-1' }] });
    const [record] = slow.all();
    expect(record?.key).toBe('c-1');
    expect(JSON.parse(new TextDecoder().decode(record?.value))).toMatchObject({ id: 'm-1', text: 'hello', at: '2026-03-02T12:00:00.000Z', direction: 'inbound' });
  });

  it('takes the valid ones of a list, in order, and tells what is wrong with the others', async () => {
    const inbound = await serve();
    const response = await post([hello, { id: 'm-2' }, 7, { ...hello, id: 'm-4' }, { id: 'm-5', conversationId: 'c', media: [{ kind: 'image', file: '../x.jpg' }] }]);
    expect(response.statusCode).toBe(202);
    expect(response.json()).toMatchObject({
      accepted: 2,
      refused: 3,
      items: [
        { index: 0, status: 'accepted', id: 'm-1' },
        { index: 1, status: 'refused', code: 'MESSAGE_FIELD_MISSING' },
        { index: 2, status: 'refused', code: 'MESSAGE_NOT_OBJECT' },
        { index: 3, status: 'accepted', id: 'm-4' },
        { index: 4, status: 'refused', code: 'MEDIA_FILE_REFUSED' },
      ],
    });
    expect(inbound.all().map(({ value }) => (JSON.parse(new TextDecoder().decode(value)) as MessageInput).id)).toEqual(['m-1', 'm-4']);
  });

  it('answers 400 with the items where none of a list is valid', async () => {
    const inbound = await serve();
    const response = await post([{ id: 'm-2' }]);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: 'HTTP_LIST_REFUSED', items: [{ index: 0, status: 'refused', code: 'MESSAGE_FIELD_MISSING' }] });
    expect(inbound.all()).toEqual([]);
  });

  it.each([
    ['no JSON', '{', 400, 'MESSAGE_NOT_JSON'],
    ['no bytes', '', 400, 'MESSAGE_NOT_JSON'],
    ['no object', '7', 400, 'MESSAGE_NOT_OBJECT'],
    ['no text', { id: 'm', conversationId: 'c' }, 400, 'MESSAGE_EMPTY'],
    ['a NUL', { id: 'm', conversationId: 'c', text: 'a\u0000b' }, 400, 'MESSAGE_TEXT_MALFORMED'],
    ['a lone surrogate', '{"id":"m","conversationId":"c","text":"\\ud800"}', 400, 'MESSAGE_TEXT_MALFORMED'],
    ['an unknown field', { ...hello, colour: 'red' }, 400, 'MESSAGE_FIELD_UNKNOWN'],
    ['__proto__', '{"id":"m","conversationId":"c","text":"x","__proto__":{}}', 400, 'MESSAGE_FIELD_UNKNOWN'],
    ['a time far ahead', { ...hello, at: '2999-01-01T00:00:00Z' }, 400, 'MESSAGE_TIME_IMPLAUSIBLE'],
    ['a text of 1 MB', { ...hello, text: 'x'.repeat(1_000_000) }, 400, 'MESSAGE_TEXT_TOO_LONG'],
    ['a body over the limit', { ...hello, text: 'x'.repeat(9_000_000) }, 413, 'HTTP_BODY_TOO_LARGE'],
    ['an empty list', [], 400, 'HTTP_LIST_INVALID'],
    ['a list of 1,001', Array.from({ length: 1_001 }, () => hello), 400, 'HTTP_LIST_INVALID'],
  ])('refuses %s', async (_, body, status, code) => {
    const inbound = await serve();
    const response = await post(body);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.json()).toMatchObject({ type: `urn:colloquy:error:${code}`, status, code });
    expect(response.statusCode).toBe(status);
    expect(inbound.all()).toEqual([]);
  });

  it('refuses another content type', async () => {
    await serve();
    const response = await post('id=1', { 'content-type': 'text/plain' });
    expect(response.statusCode).toBe(415);
    expect(response.json()).toMatchObject({ code: 'HTTP_TYPE_UNSUPPORTED' });
  });

  it('takes 1,000 messages at once', async () => {
    const inbound = await serve();
    const response = await post(Array.from({ length: 1_000 }, (_, index) => ({ ...hello, id: `m-${index}` })));
    expect(response.json()).toMatchObject({ accepted: 1_000, refused: 0 });
    expect(inbound.all()).toHaveLength(1_000);
  });

  it('answers 503 where the log cannot be reached, 500 for a bug, and tells nothing about the inside', async () => {
    const failures = [colloquyError('SOURCE_UNREACHABLE', { source: 'kafka' }), new TypeError('odd\n    at secret text of a message')];
    await serve({ inbound: { ...memorySink(), append: () => Promise.reject(failures.shift() ?? new Error()) } });
    const away = await post(hello, { 'x-request-id': 'req-1' });
    expect([away.statusCode, away.headers['retry-after'], away.json<{ code: string }>().code]).toEqual([503, '5', 'SOURCE_UNREACHABLE']);
    const bug = await post(hello, { 'x-request-id': 'req-2' });
    expect(bug.json()).toMatchObject({ status: 500, code: 'INTERNAL', correlationId: 'req-2' });
    expect(bug.body).not.toMatch(/secret|TypeError|\.ts/);
    const line = logged.find(({ event, fields }) => event === 'http.failed' && fields['correlationId'] === 'req-2');
    expect(line?.fields).toMatchObject({ code: 'INTERNAL', error: 'TypeError', at: expect.stringContaining('create-http-api.test') });
    expect(JSON.stringify(logged)).not.toContain('secret');
  });
});

describe('correlation and access log', () => {
  it('takes a plain x-request-id, makes one otherwise, and hands it on', async () => {
    const inbound = await serve();
    const given = await post(hello, { 'x-request-id': 'order-7' });
    expect(given.headers['x-request-id']).toBe('order-7');
    expect(inbound.all()[0]?.headers['correlation-id']).toBe('order-7');
    const odd = await get('/messages/none', { 'x-request-id': 'a b"c' });
    expect(odd.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
    expect(odd.json<{ correlationId: string }>().correlationId).toBe(odd.headers['x-request-id']);
  });

  it('logs pattern and status, never ids or text', async () => {
    await serve();
    await get('/conversations/5512345678/messages', { 'x-request-id': 'r' });
    await post({ ...hello, text: 'my secret' });
    const lines = logged.filter(({ event }) => event === 'http.request').map(({ fields }) => fields);
    expect(lines).toMatchObject([
      { method: 'GET', route: '/conversations/:id/messages', status: 404, correlationId: 'r', ms: expect.any(Number) },
      { method: 'POST', route: '/messages', status: 202 },
    ]);
    expect(JSON.stringify(logged)).not.toMatch(/5512345678|secret/);
  });
});

describe('reading', () => {
  const filled = async () => {
    await store.save(
      Array.from({ length: 25 }, (_, index) =>
        storedMessage({ id: `f-${index}`, conversationId: `conv-${index}`, at: minuteAt(index), ann: index % 5 === 0 ? { ...annotated.intent('ask_price'), ...annotated.sentiment('negative', -0.5) } : annotated.entities('phone') }),
      ),
    );
    await store.save(Array.from({ length: 3 }, (_, index) => storedMessage({ id: `t ${index}/ü`, conversationId: 'with/slash ü', at: minuteAt(-10 + index), text: 'price $5' })));
    await serve();
  };

  it('pages conversations, newest first, 20 by default', async () => {
    await filled();
    const first = (await get('/conversations')).json<{ items: { id: string }[]; next: string }>();
    expect(first.items.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, index) => `conv-${24 - index}`));
    expect(first.items[4]).toMatchObject({ id: 'conv-20', sentiment: { mean: -0.5, direction: 'steady' }, lastIntent: { name: 'ask_price' } });
    expect(first.items[4]).not.toHaveProperty('recent');
    const second = (await get(`/conversations?after=${encodeURIComponent(first.next)}`)).json<{ items: { id: string }[]; next?: string }>();
    expect(second.items.map(({ id }) => id)).toEqual(['conv-4', 'conv-3', 'conv-2', 'conv-1', 'conv-0', 'with/slash ü']);
    expect(second).not.toHaveProperty('next');
  });

  it.each([
    ['intent=ask_price', ['conv-20', 'conv-15', 'conv-10', 'conv-5', 'conv-0']],
    ['sentiment=negative&limit=2', ['conv-20', 'conv-15']],
    ['entityType=phone&limit=1', ['conv-24']],
    ['language=es', []],
    ['from=2026-03-02T04:22:00-06:00&to=2026-03-02T10:24:00Z', ['conv-23', 'conv-22']],
  ])('filters by %s', async (query, ids) => {
    await filled();
    expect((await get(`/conversations?${query}`)).json<{ items: { id: string }[] }>().items.map(({ id }) => id)).toEqual(ids);
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'limit=1.5', 'sentiment=sad', 'from=yesterday', 'colour=red', 'intent=a&intent=b', 'after=zz', `after=${'x'.repeat(5_000)}`, 'intent='])(
    'refuses the query %s',
    async (query) => {
      await filled();
      const response = await get(`/conversations?${query}`);
      expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([400, 'QUERY_INVALID']);
    },
  );

  it('answers a conversation, its timeline by pages, and one message', async () => {
    await filled();
    const path = `/conversations/${encodeURIComponent('with/slash ü')}`;
    expect((await get(path)).json()).toMatchObject({ id: 'with/slash ü', counts: { messages: 3 } });
    const page = (await get(`${path}/messages?limit=2`)).json<{ items: { id: string }[]; next: string }>();
    expect(page.items.map(({ id }) => id)).toEqual(['t 0/ü', 't 1/ü']);
    const rest = (await get(`${path}/messages?limit=2&after=${encodeURIComponent(page.next)}`)).json<{ items: { id: string }[] }>();
    expect(rest.items.map(({ id }) => id)).toEqual(['t 2/ü']);
    expect((await get(`/messages/${encodeURIComponent('t 2/ü')}`)).json()).toMatchObject({ id: 't 2/ü', text: 'price $5', pipeline: ['identify-language@1'] });
  });

  it('explains a message without storing anything', async () => {
    await filled();
    const before = await store.message('t 0/ü');
    const explained = (await get(`/messages/${encodeURIComponent('t 0/ü')}/explain`)).json();
    expect(explained).toMatchObject({
      id: 't 0/ü',
      ann: { intent: { name: 'ask_price', why: { threshold: 0.5, runnerUp: { name: 'small_talk' } } }, entities: { items: [{ type: 'money', start: 6, end: 8, text: '$5' }] } },
      pipeline: ['extract-entities@1', 'classify-intent@1', 'score-sentiment@1', 'identify-language@1'],
    });
    expect(await store.message('t 0/ü')).toEqual(before);
  });

  it('takes ids of 256 characters of any kind', async () => {
    await serve();
    const id = '語'.repeat(256);
    await store.save([storedMessage({ id, conversationId: 'long' })]);
    expect((await get(`/messages/${encodeURIComponent(id)}`)).json()).toMatchObject({ id });
  });

  it.each(['/messages/none', '/messages/none/explain', '/conversations/none', '/conversations/none/messages', `/media/sha256-${'0'.repeat(64)}`, '/nowhere', '/messages/'])('answers 404 for %s', async (url) => {
    await serve();
    const response = await get(url);
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([404, 'HTTP_NOT_FOUND']);
    expect(response.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
  });

  it('answers a problem for a path that is no UTF-8', async () => {
    await serve();
    const response = await get('/messages/%ff');
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([400, 'HTTP_REQUEST_INVALID']);
  });

  it('lists dead letters without their contents', async () => {
    await deadLetters.put([
      {
        id: 'in/0/7',
        source: 'in',
        record: { partition: 'in/0', offset: 7, key: undefined, value: new TextEncoder().encode('secret'), headers: { phone: '5512345678' }, at: minuteAt(0) },
        deadAt: minuteAt(1),
        attempts: 3,
        code: 'MESSAGE_NOT_JSON',
        kind: 'input',
        fingerprint: 'f',
        causes: [{ name: 'Error', stack: 'stack' }],
        pipeline: ['a@1'],
        codeVersion: '0.1.0',
      },
    ]);
    await serve();
    const response = await get('/dead-letters');
    expect(response.json()).toEqual({
      total: 1,
      items: [{ id: 'in/0/7', source: 'in', partition: 'in/0', offset: 7, deadAt: minuteAt(1), attempts: 3, code: 'MESSAGE_NOT_JSON', kind: 'input', fingerprint: 'f', sizeBytes: 6, pipeline: ['a@1'], codeVersion: '0.1.0' }],
    });
    expect(response.body).not.toMatch(/secret|5512345678|stack/);
  });
});

describe('media', () => {
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
  const upload = (payload: Buffer, type = 'application/octet-stream') => api.app.inject({ method: 'POST', url: '/media', headers: { 'content-type': type }, payload });

  it('keeps bytes and answers their ref', async () => {
    await serve();
    const response = await upload(png, 'image/png');
    const ref = await contentRef(png);
    expect([response.statusCode, response.headers['location'], response.json()]).toEqual([201, `/media/${ref}`, { ref, sizeBytes: png.length }]);
    const back = await get(`/media/${ref}`);
    expect(back.rawPayload.equals(png)).toBe(true);
    expect(back.headers).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': 'inline',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      etag: `"${ref}"`,
    });
    expect((await get(`/media/${ref}`, { 'if-none-match': `"${ref}"` })).statusCode).toBe(304);
  });

  it.each([
    ['<html><script>alert(1)</script></html>', 'application/octet-stream'],
    ['<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'application/octet-stream'],
    ['<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', 'application/octet-stream'],
    ['%PDF-1.7\n', 'application/pdf'],
  ])('serves %s for download only', async (text, type) => {
    await serve();
    const { ref } = (await upload(Buffer.from(text), 'text/html')).json<{ ref: string }>();
    const { headers } = await get(`/media/${ref}`);
    expect(headers['content-type']).toBe(type);
    expect(headers['content-disposition']).toMatch(/^attachment; filename="sha256-[\da-f]{12}\.(bin|pdf)"$/);
  });

  it('refuses an empty body, one over the limit, and a malformed ref', async () => {
    await serve({}, { maxMediaBytes: 1_000 });
    expect((await upload(Buffer.alloc(0))).json()).toMatchObject({ status: 400, code: 'HTTP_REQUEST_INVALID' });
    expect((await upload(Buffer.alloc(1_001))).json()).toMatchObject({ status: 413, code: 'HTTP_BODY_TOO_LARGE', detail: expect.stringContaining('1000 bytes') });
    expect((await get('/media/..%2f..%2fetc%2fpasswd')).json()).toMatchObject({ status: 400, code: 'MEDIA_REF_INVALID' });
  });
});

describe('health', () => {
  it('is ready when every dependency answers and delivery runs', async () => {
    await serve();
    const response = await get('/health/ready');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ status: 'up', delivery: { state: 'running', inFlight: 0 }, checks: { store: { status: 'up', ms: expect.any(Number) } } });
    expect((await get('/health')).json()).toMatchObject({ status: 'up', parked: 0, deadLetters: 1 });
  });

  it('is not ready while a dependency is down, and alive all the same', async () => {
    await serve({ checks: { store: () => store.check(), broker: () => Promise.reject(new Error('x')) } });
    await store.close();
    const response = await get('/health/ready');
    expect(response.statusCode).toBe(503);
    expect(response.json()).toMatchObject({ status: 'down', checks: { store: { status: 'down', code: 'STORE_UNREACHABLE' }, broker: { status: 'down', code: 'INTERNAL' } } });
    expect((await get('/health/live')).json()).toMatchObject({ status: 'up' });
  });

  it('is not ready while what delivery writes to is down, whatever the checks say', async () => {
    await serve();
    const since = '2026-03-02T12:00:00.000Z';
    delivery = { state: 'running', inFlight: 3, dependencies: { source: { status: 'up', since }, 'dead-letters': { status: 'down', since, code: 'STORE_UNREACHABLE' } } };
    for (const url of ['/health', '/health/ready']) {
      const response = await get(url);
      expect(response.statusCode).toBe(503);
      expect(response.json()).toMatchObject({ status: 'down', delivery, checks: { store: { status: 'up' } } });
    }
  });

  it.each(['starting', 'stalled', 'draining', 'stopped'] as const)('is not ready while delivery is %s', async (state) => {
    await serve();
    delivery = { state, inFlight: 3 };
    const response = await get('/health/ready');
    expect([response.statusCode, response.json<{ delivery: unknown }>().delivery]).toEqual([503, { state, inFlight: 3 }]);
  });

  it('does not wait for a check that never answers, and shares one run among callers', async () => {
    const clock = fakeClock();
    let runs = 0;
    await serve({ clock, checks: { broker: () => (runs++, new Promise<void>(() => undefined)) } }, { checkTimeoutMs: 500, checkCacheMs: 1_000 });
    const both = Promise.all([get('/health/ready'), get('/health/ready')]);
    const [first, second] = await clock.runUntil(both);
    expect(first.json()).toMatchObject({ checks: { broker: { status: 'down', code: 'HEALTH_CHECK_TIMEOUT' } } });
    expect(second.statusCode).toBe(503);
    expect(runs).toBe(1);
  });
});

describe('defences', () => {
  it('limits requests of one address, probes not counted', async () => {
    await serve({}, { rateLimitPerMinute: 3 });
    for (let index = 0; index < 10; index++) expect((await get('/health/live')).statusCode).toBe(200);
    const statuses = [];
    for (let index = 0; index < 5; index++) statuses.push((await get('/conversations')).statusCode);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    const refused = await get('/conversations');
    expect(refused.json()).toMatchObject({ code: 'HTTP_RATE_LIMITED', status: 429 });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });

  it.each([
    ['a page of another site', { origin: 'https://evil.example', host: 'localhost:8080' }, 403],
    ['a sandboxed page', { origin: 'null', host: 'localhost:8080' }, 403],
    ['another port of this machine', { origin: 'http://localhost:9999', host: 'localhost:8080' }, 403],
    ['a rebound name', { host: 'evil.example:8080' }, 403],
    ['its own page', { origin: 'http://localhost:8080', host: 'localhost:8080' }, 200],
    ['the address itself', { host: '127.0.0.1:8080' }, 200],
    ['an allowed name', { host: 'runner.example' }, 200],
  ])('judges a request from %s', async (_, headers, status) => {
    await serve({}, { allowedHosts: ['runner.example'] });
    expect((await get('/conversations', headers)).statusCode).toBe(status);
  });

  it('sends a strict policy', async () => {
    await serve();
    const { headers } = await get('/conversations');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none';script-src 'self';style-src 'self';img-src 'self';media-src 'self';connect-src 'self';base-uri 'none';form-action 'none';frame-ancestors 'none';require-trusted-types-for 'script'",
    );
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('tells when it cannot listen', async () => {
    await serve({}, { port: 0 });
    const url = new URL(await api.listen());
    const first = api;
    await serve({}, { port: Number(url.port) });
    await expect(api.listen()).rejects.toMatchObject({ code: 'HTTP_LISTEN_FAILED', kind: 'config', details: { problem: 'EADDRINUSE' } });
    await first.close();
  });

  it('exposes metrics where there are some', async () => {
    await serve({ metrics: { contentType: 'text/plain; version=0.0.4', text: async () => 'up 1\n' } });
    const response = await get('/metrics');
    expect([response.headers['content-type'], response.body]).toEqual(['text/plain; version=0.0.4', 'up 1\n']);
  });
});
