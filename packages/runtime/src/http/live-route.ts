import type { WebSocket } from '@fastify/websocket';
import { colloquyError, type StoredMessage } from '@colloquy/core';
import type { FastifyInstance } from 'fastify';
import type { HttpContext } from './http-api-parts.js';
import { described } from './openapi.js';

const messagesPerFrame = 100;
const tryAgainLater = 1013;
const farewellMs = 1_000;

/** WebSocket /live: every message as it is stored. A client that reads too slowly or answers no ping is cut off. */
export function addLiveRoute(app: FastifyInstance, { live, log, telemetry, options }: HttpContext): void {
  const clients = new Map<WebSocket, { alive: boolean }>();
  const counted = () => telemetry.gauge('colloquy_live_clients', clients.size);

  const send = (socket: WebSocket, frame: string): void => {
    if (socket.bufferedAmount <= options.liveMaxBufferedBytes) return socket.send(frame);
    if (!clients.delete(socket)) return;
    socket.terminate();
    telemetry.count('colloquy_live_dropped_total');
    log.warn('http.live_client_dropped', { bufferedBytes: socket.bufferedAmount });
    counted();
  };

  const unsubscribe = live.subscribe((messages) => {
    if (clients.size === 0) return;
    for (const frame of framesOf(messages)) for (const socket of clients.keys()) send(socket, frame);
  });

  const heartbeat = setInterval(() => {
    for (const [socket, state] of clients) {
      if (!state.alive) {
        socket.terminate();
        continue;
      }
      state.alive = false;
      socket.ping();
      send(socket, JSON.stringify({ type: 'heartbeat' }));
    }
  }, options.liveHeartbeatMs);
  heartbeat.unref();
  app.addHook('preClose', async () => {
    unsubscribe();
    clearInterval(heartbeat);
    const ended = [...clients.keys()];
    setTimeout(() => ended.forEach((socket) => socket.terminate()), farewellMs).unref();
  });

  const schema = described({
    summary: 'New messages as they are stored (WebSocket)',
    description: 'Upgrade to a WebSocket. Each text frame is one LiveEvent. A client that is away misses what is stored meanwhile: read the lists again after connecting.',
    tag: 'conversations',
    answers: { 101: 'LiveEvent' },
  });
  app.route({
    method: 'GET',
    url: '/live',
    schema,
    handler: () => {
      throw colloquyError('HTTP_REQUEST_INVALID', { problem: 'no upgrade to a WebSocket' });
    },
    wsHandler: (socket) => {
      if (clients.size >= options.liveMaxClients) return socket.close(tryAgainLater, 'too many clients');
      const state = { alive: true };
      clients.set(socket, state);
      counted();
      socket.on('pong', () => {
        state.alive = true;
      });
      socket.on('error', () => socket.terminate());
      socket.on('close', () => {
        if (clients.delete(socket)) counted();
      });
      socket.send(JSON.stringify({ type: 'hello', heartbeatMs: options.liveHeartbeatMs }));
    },
  });
}

function* framesOf(messages: readonly StoredMessage[]): Generator<string> {
  for (let start = 0; start < messages.length; start += messagesPerFrame) {
    yield JSON.stringify({ type: 'messages', items: messages.slice(start, start + messagesPerFrame) });
  }
}
