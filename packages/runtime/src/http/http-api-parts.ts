import type { Clock, DeadLetters, Logger, MediaStore, Parking, Pipeline, Sink, Store, StoredMessage, Telemetry } from '@colloquy/core';
import type { FastifyInstance } from 'fastify';

export interface HttpApiOptions {
  /** Default: 127.0.0.1, reachable from this machine only. */
  readonly host?: string;
  /** 0 takes a free one. Default: 8080. */
  readonly port?: number;
  /** Names by which this server may be called besides its own address; needed behind a proxy that keeps the host header. */
  readonly allowedHosts?: readonly string[];
  /** Body of POST /messages. Default: 8 MiB. */
  readonly maxBodyBytes?: number;
  /** Body of POST /media. Default: 32 MiB. */
  readonly maxMediaBytes?: number;
  /** Of one client address, probes and metrics not counted. Default: 6,000. */
  readonly rateLimitPerMinute?: number;
  /** After this a readiness check counts as failed. Default: 2,000. */
  readonly checkTimeoutMs?: number;
  /** Answers of readiness checks are reused for so long. Default: 1,000. */
  readonly checkCacheMs?: number;
  /** Default: 15,000. */
  readonly liveHeartbeatMs?: number;
  /** Unsent bytes after which a client of the live feed is cut off. Default: 4 MiB. */
  readonly liveMaxBufferedBytes?: number;
  /** Default: 100. */
  readonly liveMaxClients?: number;
  /** Folder with page.html, page.css and page.js. Default: the one built into this package. */
  readonly pageDir?: string;
}

/** Tells about messages once they are stored. */
export interface LiveFeed {
  /** Returns the function that ends the subscription. The listener must not throw. */
  subscribe(listener: (messages: readonly StoredMessage[]) => void): () => void;
}

export interface DeliveryStatus {
  /** Ready only when `running`. `stalled`: work is waiting and none gets done. */
  readonly state: 'starting' | 'running' | 'stalled' | 'draining' | 'stopped';
  readonly inFlight: number;
  /** By name, how the last call to each went; not ready while one is down. */
  readonly dependencies?: Readonly<Record<string, { readonly status: 'up' | 'down'; readonly since: string; readonly code?: string }>>;
}

export interface HttpApiParts {
  readonly store: Store;
  /** Where POST /messages puts what it takes in; it answers 202 only when append has resolved. */
  readonly inbound: Sink;
  readonly media: MediaStore;
  /** For explanations. */
  readonly pipeline: Pipeline;
  readonly deadLetters: DeadLetters;
  readonly parking: Parking;
  /** By the name of the dependency; one that rejects makes the server not ready. */
  readonly checks: Readonly<Record<string, () => Promise<void>>>;
  readonly live: LiveFeed;
  readonly delivery: { status(): DeliveryStatus };
  readonly metrics?: { readonly contentType: string; text(): Promise<string> };
  readonly telemetry?: Telemetry;
  readonly log: Logger;
  readonly clock: Clock;
  readonly options?: HttpApiOptions;
}

/** What the routes work with: every option filled in. */
export type HttpContext = Omit<HttpApiParts, 'options' | 'telemetry'> & { readonly telemetry: Telemetry; readonly options: Required<HttpApiOptions> };

export interface HttpApi {
  /** For app.inject() in tests. */
  readonly app: FastifyInstance;
  /** Resolves with the address once it takes requests. Throws HTTP_LISTEN_FAILED. */
  listen(): Promise<string>;
  /** Takes no new requests, answers those under way, ends the live feed. */
  close(): Promise<void>;
}
