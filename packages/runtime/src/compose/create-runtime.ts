import { decodeMessage } from '@colloquy/contracts';
import { classified, isColloquyError, memoryMediaStore, systemClock, type Clock, type ColloquyError, type Logger, type MediaStore, type Pipeline, type Sink, type Store } from '@colloquy/core';
import { pinoLogger } from '@colloquy/io/logging';
import { promTelemetry } from '@colloquy/io/metrics';
import { createDelivery, type Delivery, type DeliveryStatus } from '@colloquy/stream';
import { problemsOf, refuseConfig } from '../config/config-problems.js';
import type { LoadedConfig } from '../config/load-config.js';
import { createHttpApi } from '../http/create-http-api.js';
import type { HttpApi, LiveFeed } from '../http/http-api-parts.js';
import { liveFeed } from '../http/live-feed.js';
import { buildPipeline } from '../pipeline/build-pipeline.js';
import type { StageRegistry } from '../pipeline/stage-registry.js';
import { connectWithBackoff } from './connect-with-backoff.js';
import { httpState } from './http-state.js';
import { openBackends, type Backends } from './open-backends.js';
import { stagePorts } from './stage-ports.js';

export interface RuntimeOptions {
  /** Folder that paths of the configuration are relative to. */
  readonly baseDir: string;
  /** Written to dead letters. */
  readonly codeVersion: string;
  /** Default: JSON lines on standard output at the configured level. */
  readonly log?: Logger;
  readonly clock?: Clock;
  /** Default: the built-in stages. */
  readonly registry?: StageRegistry;
}

/** A runner: source → pipeline → store, and HTTP. */
export interface Runtime {
  /** Resolves when HTTP takes requests; services that cannot be reached yet are tried again in the background. Throws HTTP_LISTEN_FAILED. */
  start(): Promise<void>;
  /** Resolves after drain(), or when a finite source has ended and all is stored. Rejects when the runner cannot go on. */
  readonly done: Promise<void>;
  /** Takes nothing more, finishes what is in flight within delivery.drainMs, commits, closes everything. */
  drain(): Promise<void>;
  /** Address of the HTTP side, while there is one. */
  url(): string | undefined;
  status(): DeliveryStatus;
  readonly pipeline: Pipeline;
  readonly store: Store;
  readonly inbound: Sink;
  readonly media: MediaStore;
  /** Messages as they are stored. */
  readonly live: LiveFeed;
}

/**
 * Puts a runner together; nothing runs yet. Throws CONFIG_REFUSED with all problems of kind `config` at once, stages, models,
 * packages and folders included.
 */
export async function createRuntime(loaded: LoadedConfig, options: RuntimeOptions): Promise<Runtime> {
  const { config } = loaded;
  const clock = options.clock ?? systemClock;
  const { backends, pipeline, log, metrics } = await openParts(loaded, options, clock);
  const live = liveFeed();
  const stopping = new AbortController();
  const delivery = createDelivery(
    {
      ...backends,
      decode: (record) => decodeMessage(record, { now: clock.now() }),
      process: pipeline.process,
      pipelineIds: pipeline.ids,
      codeVersion: options.codeVersion,
      clock,
      log,
      telemetry: metrics.telemetry,
      onSaved: live.publish,
    },
    config.delivery,
  );
  const http = await createHttpApi({
    ...backends,
    pipeline,
    live,
    metrics,
    telemetry: metrics.telemetry,
    log,
    clock,
    delivery: { status: httpState({ clock, status: delivery.status, isStopping: () => stopping.signal.aborted }) },
    options: config.http,
  });
  return lifecycle({ backends, pipeline, log, clock, live, stopping, delivery, http: config.http.enabled ? http : undefined });
}

interface Parts {
  readonly backends: Backends;
  readonly pipeline: Pipeline;
  readonly log: Logger;
  readonly clock: Clock;
  readonly live: LiveFeed;
  readonly stopping: AbortController;
  readonly delivery: Delivery;
  readonly http: HttpApi | undefined;
}

function lifecycle({ backends, pipeline, log, clock, live, stopping, delivery, http }: Parts): Runtime {
  let url: string | undefined;
  let running: Promise<void> = Promise.resolve();
  let closing: Promise<void> | undefined;
  let finish: (work: Promise<void>) => void = () => undefined;
  const done = new Promise<void>((resolve) => (finish = resolve));
  done.catch(() => undefined); // whoever waits for it sees it

  const close = (): Promise<void> => {
    stopping.abort();
    closing ??= closeAll([() => delivery.drain().then(() => running), async () => http?.close(), pipeline.close, backends.close]).then(() => log.info('runner.stopped'));
    return closing;
  };
  const carry = async (): Promise<void> => {
    if (await connectWithBackoff(backends.connect, { clock, log, signal: stopping.signal })) {
      log.info('runner.connected', { source: backends.source.name, store: backends.store.name });
      running = delivery.run();
      await running;
    }
  };

  return {
    start: async () => {
      log.info('runner.starting', { stages: pipeline.ids().join(' ') });
      url = await http?.listen();
      if (url !== undefined) log.info('runner.listening', { url });
      finish(carry().finally(close));
    },
    done,
    drain: async () => {
      log.info('runner.draining');
      const closed = close();
      finish(closed);
      await closed;
    },
    url: () => url,
    status: () => delivery.status(),
    pipeline,
    store: backends.store,
    inbound: backends.inbound,
    media: backends.media,
    live,
  };
}

/** One after the other, each whatever became of those before it; rejects with the first failure. */
async function closeAll(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

/** Opens everything that can be refused, and tells all refusals at once. */
async function openParts(loaded: LoadedConfig, options: RuntimeOptions, clock: Clock) {
  const { config } = loaded;
  const problems: ColloquyError[] = [];
  const attempt = <T>(opening: Promise<T>): Promise<T | undefined> =>
    opening.catch((error: unknown) => {
      problems.push(...(error instanceof AggregateError ? error.errors.filter(isColloquyError) : problemsOf(classified(error, 'INTERNAL', { where: 'starting' }))));
      return undefined;
    });
  const log = options.log ?? (await attempt(pinoLogger({ level: config.log.level })));
  const metrics = await attempt(promTelemetry());
  // A file with problems must not make folders it does not name.
  const backends = log && loaded.problems.length === 0 && (await attempt(openBackends(config, { baseDir: options.baseDir, clock, log })));
  const pipeline = await attempt(
    buildPipeline(loaded, {
      baseDir: options.baseDir,
      // Without a media store the pipeline is built only to tell its problems too.
      ports: stagePorts(config, { baseDir: options.baseDir, media: backends ? backends.media : memoryMediaStore() }),
      clock,
      ...(log === undefined ? {} : { log }),
      ...(metrics === undefined ? {} : { telemetry: metrics.telemetry }),
      ...(options.registry === undefined ? {} : { registry: options.registry }),
    }),
  );
  if (log === undefined || metrics === undefined || !backends || pipeline === undefined) {
    await pipeline?.close();
    if (backends) await backends.close();
    refuseConfig(loaded.file, problems);
    throw new AggregateError(problems, 'The runner could not be put together.');
  }
  return { log, metrics, backends, pipeline };
}
