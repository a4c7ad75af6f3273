import { resolve } from 'node:path';
import { classified, colloquyError, type Clock, type ColloquyError, type DeadLetters, type Logger, type MediaStore, type Parking, type Sink, type Source, type Store } from '@colloquy/core';
import { openEmbedded, type Embedded } from '@colloquy/io/embedded';
import { folderMediaStore, ndjsonSource } from '@colloquy/io/files';
import { ensureTopics, kafkaSink, kafkaSource, type KafkaConnection, type TopicSpec } from '@colloquy/io/kafka';
import { openMongodb } from '@colloquy/io/mongodb';
import type { Config } from '../config/config-schema.js';

export interface OpenBackendsOptions {
  /** Folder that paths of the configuration are relative to. */
  readonly baseDir: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The adapters of a configuration. */
export interface Backends {
  readonly source: Source;
  readonly inbound: Sink;
  readonly store: Store;
  readonly parking: Parking;
  readonly deadLetters: DeadLetters;
  readonly media: MediaStore;
  readonly enriched?: Sink;
  /** Makes missing topics and brings the schema to this version. Rejects with errors of kind `transient` while a service cannot be reached. */
  connect(): Promise<void>;
  /** By the name of the dependency; each rejects while it cannot be used. */
  readonly checks: Readonly<Record<string, () => Promise<void>>>;
  close(): Promise<void>;
}

/**
 * Opens what the configuration names; services need not be there yet. Rejects with an AggregateError of all problems of
 * kind `config` (CONFIG_ADAPTER_MISSING, STORE_IN_USE, …), having closed what was open.
 */
export async function openBackends(config: Config, options: OpenBackendsOptions): Promise<Backends> {
  const closers: (() => Promise<void>)[] = [];
  const problems: ColloquyError[] = [];
  const attempt = async <T extends { close(): Promise<void> }>(open: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      const opened = await open();
      closers.push(() => opened.close());
      return opened;
    } catch (error) {
      problems.push(classified(error, 'INTERNAL', { where: 'opening the adapters' }));
      return undefined;
    }
  };
  const close = async () => {
    for (const closeOne of closers.reverse()) await closeOne();
  };

  const embedded = needsEmbedded(config) ? await attempt(() => openEmbeddedFolder(config, options)) : undefined;
  const { store: storeConfig } = config;
  const mongodb = storeConfig.kind === 'mongodb' ? await attempt(() => openMongodb({ uri: storeConfig.uri, database: storeConfig.database })) : undefined;
  const media = config.media.kind === 'mongodb' ? mongodb?.media : await attempt(() => folderMediaStore({ dir: mediaDir(config, options.baseDir) }));
  const stores = mongodb ?? embedded;
  const inlet = media && (await openInlet(config, options, attempt, embedded, media));
  const enriched = await openEnriched(config, options, attempt, embedded);

  if (problems.length > 0 || stores === undefined || media === undefined || inlet?.source === undefined || inlet.inbound === undefined) {
    await close();
    throw new AggregateError(problems);
  }
  const { store, parking, deadLetters } = stores;
  const { source, inbound } = inlet;
  const topics = topicsToMake(config, options);
  return {
    source,
    inbound,
    store,
    parking,
    deadLetters,
    media,
    ...(enriched === undefined ? {} : { enriched }),
    connect: async () => {
      await store.open();
      for (const topic of topics) await ensureTopics(topic);
    },
    checks: {
      source: () => source.check(),
      store: () => store.check(),
      media: () => media.check(),
      ...(enriched === undefined ? {} : { enriched: () => enriched.check() }),
    },
    close,
  };
}

type Attempt = <T extends { close(): Promise<void> }>(open: () => T | Promise<T>) => Promise<T | undefined>;

function needsEmbedded({ source, store, enriched }: Config): boolean {
  return [source.kind, store.kind, enriched.kind].includes('embedded');
}

function openEmbeddedFolder({ dataDir, source }: Config, { baseDir, clock }: OpenBackendsOptions): Promise<Embedded> {
  const partitions = source.kind === 'embedded' ? source.partitions : undefined;
  return openEmbedded({ dir: resolve(baseDir, dataDir), clock, ...(partitions === undefined ? {} : { partitions }) });
}

function mediaDir({ dataDir, media }: Config, baseDir: string): string {
  return resolve(baseDir, (media.kind === 'folder' ? media.dir : undefined) ?? `${dataDir}/media`);
}

interface Inlet {
  readonly source: Source | undefined;
  readonly inbound: Sink | undefined;
}

async function openInlet({ source }: Config, options: OpenBackendsOptions, attempt: Attempt, embedded: Embedded | undefined, media: MediaStore): Promise<Inlet> {
  if (source.kind === 'embedded') return { source: embedded?.source(), inbound: embedded?.inbound };
  if (source.kind === 'kafka') {
    const { topic, groupId, sessionTimeoutMs } = source;
    const connection = { ...kafkaConnection(source, options), topic };
    return {
      source: await attempt(() => kafkaSource({ ...connection, groupId, sessionTimeoutMs, clock: options.clock })),
      inbound: await attempt(() => kafkaSink(connection)),
    };
  }
  const paths = source.paths.map((path) => resolve(options.baseDir, path));
  return { source: await attempt(() => ndjsonSource({ paths, media })), inbound: readOnlySink('files') };
}

async function openEnriched({ enriched }: Config, options: OpenBackendsOptions, attempt: Attempt, embedded: Embedded | undefined): Promise<Sink | undefined> {
  if (enriched.kind === 'embedded') return embedded?.enriched;
  if (enriched.kind === 'kafka') return attempt(() => kafkaSink({ ...kafkaConnection(enriched, options), topic: enriched.topic }));
  return undefined;
}

type KafkaConfig = Extract<Config['source'] | Config['enriched'], { kind: 'kafka' }>;

function kafkaConnection({ brokers, clientId, tls, sasl }: KafkaConfig, { log }: OpenBackendsOptions): KafkaConnection {
  return { brokers, clientId, ssl: tls, logger: log, ...(sasl === undefined ? {} : { sasl }) };
}

function topicsToMake({ source, enriched }: Config, options: OpenBackendsOptions): readonly (KafkaConnection & { readonly topics: readonly TopicSpec[] })[] {
  return [source, enriched].flatMap((kafka) => {
    if (kafka.kind !== 'kafka' || kafka.create === undefined) return [];
    const { partitions, replicas } = kafka.create;
    return [{ ...kafkaConnection(kafka, options), topics: [{ topic: kafka.topic, partitions, ...(replicas === undefined ? {} : { replicas }) }] }];
  });
}

/** Stands where messages are taken in, for a source that takes none. append() throws SOURCE_READ_ONLY. */
function readOnlySink(source: string): Sink {
  return {
    name: `read-only ${source}`,
    append: () => Promise.reject(colloquyError('SOURCE_READ_ONLY', { source })),
    check: async () => undefined,
    close: async () => undefined,
  };
}
