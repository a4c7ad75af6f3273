import { connect, type Socket } from 'node:net';
import { liveEventSchema } from '@colloquy/contracts';
import { memoryMediaStore, silentLogger, systemClock } from '@colloquy/core';
import { memoryDeadLetters, memoryParking, memorySink, memoryStore, storedMessage } from '@colloquy/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createHttpApi } from './create-http-api.js';
import type { HttpApi, HttpApiOptions } from './http-api-parts.js';
import { liveFeed } from './live-feed.js';
import { rulePipeline } from './rule-pipeline.js';

let api: HttpApi;
let url: string;
const feed = liveFeed();
const counted = new Map<string, number>();
const telemetry = {
  count: (name: string, _: unknown, by = 1) => void counted.set(name, (counted.get(name) ?? 0) + by),
  gauge: (name: string, value: number) => void counted.set(name, value),
  timing: () => undefined,
};

async function serve(options: HttpApiOptions = {}) {
  counted.clear();
  api = await createHttpApi({
    store: memoryStore(),
    inbound: memorySink(),
    media: memoryMediaStore(),
    pipeline: rulePipeline(),
    deadLetters: memoryDeadLetters(),
    parking: memoryParking(),
    checks: {},
    live: feed,
    delivery: { status: () => ({ state: 'running', inFlight: 0 }) },
    telemetry,
    log: silentLogger,
    clock: systemClock,
    options: { port: 0, ...options },
  });
  url = await api.listen();
}
afterEach(() => api.close(), 10_000);

/** A client whose frames are checked against the contract. */
async function client(headers: Record<string, string> = {}) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/live`, { headers });
  const events: { readonly type: string; readonly items?: readonly { readonly id: string }[] }[] = [];
  socket.on('message', (data) => events.push(liveEventSchema.parse(JSON.parse(String(data)))));
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise<void>((resolve, reject) => {
    socket.on('open', () => resolve());
    socket.on('error', reject);
  });
  return { socket, events, closed };
}

const ids = (events: Awaited<ReturnType<typeof client>>['events']) => events.flatMap(({ items }) => items?.map(({ id }) => id) ?? []);

describe('WebSocket /live', () => {
  it('says hello and sends every message to every client, in order', async () => {
    await serve();
    const clients = [await client(), await client()];
    await vi.waitFor(() => expect(counted.get('colloquy_live_clients')).toBe(2));
    const messages = Array.from({ length: 250 }, (_, index) => storedMessage({ id: `m-${index}` }));
    feed.publish(messages.slice(0, 1));
    feed.publish(messages.slice(1));
    for (const { events } of clients) {
      await vi.waitFor(() => expect(ids(events)).toEqual(messages.map(({ id }) => id)));
      expect(events[0]).toEqual({ type: 'hello', heartbeatMs: 15_000 });
      expect(events.map(({ items }) => items?.length)).toEqual([undefined, 1, 100, 100, 49]);
    }
    clients[0]?.socket.close();
    await vi.waitFor(() => expect(counted.get('colloquy_live_clients')).toBe(1));
  });

  it('beats, and cuts off a client that answers no ping', async () => {
    await serve({ liveHeartbeatMs: 50 });
    const alive = await client();
    const { socket: dead } = await rawClient();
    dead.pause();
    await vi.waitFor(() => expect(counted.get('colloquy_live_clients')).toBe(1), { timeout: 5_000 });
    expect(alive.events.filter(({ type }) => type === 'heartbeat').length).toBeGreaterThan(0);
    expect(alive.socket.readyState).toBe(WebSocket.OPEN);
    dead.destroy();
  });

  it('cuts off a client that reads too slowly, and only that one', async () => {
    await serve({ liveMaxBufferedBytes: 100_000 });
    const quick = await client();
    const { socket: slow } = await rawClient();
    slow.pause();
    const large = Array.from({ length: 20 }, (_, index) => storedMessage({ id: `m-${index}`, text: 'x'.repeat(50_000) }));
    for (let round = 1; (counted.get('colloquy_live_dropped_total') ?? 0) === 0; round++) {
      expect(round).toBeLessThan(50);
      feed.publish(large);
      await vi.waitFor(() => expect(ids(quick.events)).toHaveLength(round * large.length));
    }
    expect(counted.get('colloquy_live_clients')).toBe(1);
    expect(quick.socket.readyState).toBe(WebSocket.OPEN);
    slow.destroy();
  });

  it('refuses a page of another site, more clients than allowed, and a plain GET', async () => {
    await serve({ liveMaxClients: 1 });
    await expect(client({ origin: 'https://evil.example' })).rejects.toThrow(/403/);
    await client({ origin: url });
    expect(await (await client()).closed).toBe(1013);
    expect((await api.app.inject('/live')).json()).toMatchObject({ status: 400, code: 'HTTP_REQUEST_INVALID' });
  });

  it('ends a client that sends too much, and all of them at close', async () => {
    await serve();
    const chatty = await client();
    chatty.socket.send('x'.repeat(2_000));
    expect(await chatty.closed).toBe(1009);
    const quiet = await client();
    const { socket: deaf } = await rawClient();
    deaf.pause();
    const startedAt = performance.now();
    await api.close();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(await quiet.closed).toBe(1005);
    deaf.destroy();
  });
});

/** A connected WebSocket whose bytes nobody has to read. */
async function rawClient(): Promise<{ socket: Socket }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write(`GET /live HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`);
  await new Promise<void>((resolve) => socket.once('data', () => resolve()));
  await vi.waitFor(() => expect(counted.get('colloquy_live_clients')).toBe(2));
  return { socket };
}
