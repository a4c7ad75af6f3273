import { z } from 'zod';
import { pipelineEntry } from './pipeline-entry.js';

/** A checked configuration, every default filled. */
export type Config = z.output<typeof configSchema>;
/** A configuration as it is written. */
export type ConfigInput = z.input<typeof configSchema>;

/** The stages that run when nothing else is said. */
export const defaultPipeline = ['identify-language@1', 'classify-intent@1', 'extract-entities@1', 'score-sentiment@1', 'process-media@1'] as const;

const brokers = z.array(z.string().min(1)).min(1).describe('Addresses host:port of some brokers; from a variable: separated by commas.');

const kafkaConnection = {
  brokers: brokers.default(['127.0.0.1:9092']),
  clientId: z.string().min(1).default('colloquy').describe('How the runner names itself to the brokers.'),
  tls: z.boolean().default(false).describe('Connect with TLS; authorities besides the usual ones come through NODE_EXTRA_CA_CERTS.'),
  create: z
    .strictObject({
      partitions: z.int().min(1).default(12).describe('Partitions of a new topic; it cannot grow later without moving conversations.'),
      replicas: z.int().min(1).optional().describe('Replicas of a new topic. Absent: what the cluster has set.'),
    })
    .optional()
    .describe('Make the topic where it is missing. Absent: wait for it.'),
  sasl: z
    .strictObject({
      mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).default('scram-sha-512').describe('How to log in.'),
      username: z.string().describe('User name.'),
      password: z.string().describe('Password; take it from a variable.'),
    })
    .optional()
    .describe('Login; absent: none.'),
};

const sourceSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('embedded'),
      partitions: z.int().min(1).max(1_024).optional().describe('Partitions of the log. Absent: what the folder has, else 8; a folder keeps its number.'),
    }).describe('The durable log in dataDir; HTTP messages go into it.'),
    z.strictObject({
      kind: z.literal('kafka'),
      ...kafkaConnection,
      topic: z.string().min(1).default('conversations.inbound').describe('Topic of incoming messages, keyed by conversation.'),
      groupId: z.string().min(1).default('colloquy').describe('Consumer group; runners of one group share the partitions.'),
      sessionTimeoutMs: z.int().min(1000).default(30_000).describe('How long the group waits for a silent runner.'),
    }).describe('An Apache Kafka topic. Needs the package kafkajs.'),
    z.strictObject({
      kind: z.literal('files'),
      paths: z.array(z.string().min(1)).min(1).describe('The files, relative to the folder of this file, read one after the other.'),
    }).describe('NDJSON files; the runner ends when all is stored. A message that is stored already changes nothing. HTTP takes no messages then.'),
  ])
  .prefault({ kind: 'embedded' })
  .describe('Where messages come from.');

const storeSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('embedded') }).describe('A database file in dataDir.'),
    z.strictObject({
      kind: z.literal('mongodb'),
      uri: z.string().min(1).default('mongodb://127.0.0.1:27017/').describe('Connection string; take it from a variable where it has a password.'),
      database: z.string().min(1).default('colloquy').describe('Name of the database.'),
    }).describe('A MongoDB database. Needs the package mongodb.'),
  ])
  .prefault({ kind: 'embedded' })
  .describe('Where enriched conversations, parked messages and dead letters live.');

const mediaSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('folder'),
      dir: z.string().min(1).optional().describe('Folder, relative to the folder of this file. Absent: media in dataDir.'),
    }).describe('Files named by content hash.'),
    z.strictObject({ kind: z.literal('mongodb') }).describe('GridFS in the database of store; needs store.kind mongodb.'),
  ])
  .prefault({ kind: 'folder' })
  .describe('Where the bytes of attachments live.');

const ffmpegSchema = z
  .strictObject({
    ffmpegPath: z.string().min(1).default('ffmpeg').describe('The program ffmpeg: a path, or a name on PATH.'),
    ffprobePath: z.string().min(1).default('ffprobe').describe('The program ffprobe: a path, or a name on PATH.'),
    timeoutMs: z.int().positive().default(20_000).describe('Time for one call of a program.'),
  })
  .prefault({})
  .describe('Tools for sound and film; where they are missing, both are stored without duration and thumbnail.');

const enrichedSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none') }).describe('Nowhere; they are only stored.'),
    z.strictObject({ kind: z.literal('embedded') }).describe('A second log in dataDir.'),
    z.strictObject({
      kind: z.literal('kafka'),
      ...kafkaConnection,
      topic: z.string().min(1).default('conversations.enriched').describe('Topic of enriched messages, keyed by conversation.'),
    }).describe('An Apache Kafka topic. Needs the package kafkajs.'),
  ])
  .prefault({ kind: 'none' })
  .describe('Where enriched messages are published besides the store, at least once each.');

const httpSchema = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Serve the HTTP API, health, metrics and the page.'),
    host: z.string().min(1).default('127.0.0.1').describe('Address to listen on. The API has no login: leave it on this machine, or put a proxy before it.'),
    port: z.int().min(0).max(65_535).default(8080).describe('Port to listen on; 0 takes a free one.'),
    allowedHosts: z.array(z.string().min(1)).default([]).describe('Names by which the server may be called besides its own address; needed behind a proxy that keeps the host header.'),
    maxBodyBytes: z.int().positive().default(8_388_608).describe('Largest body of messages.'),
    maxMediaBytes: z.int().positive().default(33_554_432).describe('Largest uploaded attachment.'),
    rateLimitPerMinute: z.int().positive().default(6_000).describe('Requests a minute from one address; more are refused.'),
  })
  .prefault({})
  .describe('The HTTP side of the runner.');

const retrySchema = z
  .strictObject({
    initialMs: z.int().positive().default(1_000).describe('Wait before the second try; doubled for every further one, with jitter.'),
    maxMs: z.int().positive().default(60_000).describe('Longest wait.'),
    maxAttempts: z.int().positive().default(20).describe('Tries in all; then the message is dead-lettered.'),
    budgetMs: z.int().positive().default(900_000).describe('Time from the first failure; then the message is dead-lettered.'),
  })
  .prefault({})
  .describe('When a message that failed for a passing reason is tried again.');

const deliverySchema = z
  .strictObject({
    maxInFlight: z.int().positive().default(2_000).describe('Messages taken from the source and not yet settled; the source waits when it is reached.'),
    maxInFlightBytes: z.int().positive().default(67_108_864).describe('Their bytes.'),
    maxParked: z.int().positive().default(10_000).describe('Parked messages held in memory; beyond them nothing is taken until some are settled.'),
    maxParkedBytes: z.int().positive().default(67_108_864).describe('Their bytes.'),
    concurrency: z.int().positive().default(16).describe('Batches in the pipeline at once; a batch may hold several conversations, and each conversation is in one batch at a time.'),
    maxBatch: z.int().positive().max(64).default(32).describe('Messages handed to the pipeline at once.'),
    maxWriteBatch: z.int().positive().default(500).describe('Messages handed to the store at once.'),
    commitIntervalMs: z.int().positive().default(1_000).describe('How often finished offsets are committed.'),
    drainMs: z.int().positive().default(10_000).describe('Time to finish what is in flight when the runner is asked to stop.'),
    revokeMs: z.int().positive().default(5_000).describe('Time to finish what is in flight of a partition that another runner takes over.'),
    retry: retrySchema,
  })
  .prefault({})
  .describe('How messages are carried, retried and given up on.');

const testSchema = z
  .strictObject({
    name: z.string().min(1).describe('What the test shows.'),
    text: z.string().optional().describe('Text of the message; short for message: { text }.'),
    message: z.record(z.string(), z.unknown()).optional().describe('The message, as in docs/reference/message.md; id and conversationId may be left out.'),
    expect: z
      .record(z.string(), z.unknown())
      .default({})
      .describe('Slot → what must be in it. Only what is written is compared; lists need the written items in this order; null: the slot is empty; ">= 0.5": compared as a number.'),
    faults: z.array(z.string()).default([]).describe('Codes of the faults the message must have, exactly.'),
  })
  .refine((test) => (test.text === undefined) !== (test.message === undefined), 'expected either text or message');

/** The schema of colloquy.yaml. */
export const configSchema = z
  .strictObject({
    version: z.literal(1).default(1).describe('Version of this format.'),
    modules: z.array(z.string().min(1)).default([]).describe('Modules that export stages of your own, as path relative to this file or as package name.'),
    pipeline: z.array(pipelineEntry).min(1).default([...defaultPipeline]).describe('The stages, in order.'),
    budgetMs: z.int().positive().default(10_000).describe('Time for all stages of one message together; what is not done then is left out as a fault.'),
    dataDir: z.string().min(1).default('.colloquy').describe('Folder of the embedded log, database and media, relative to the folder of this file.'),
    source: sourceSchema,
    store: storeSchema,
    media: mediaSchema,
    ffmpeg: ffmpegSchema,
    enriched: enrichedSchema,
    http: httpSchema,
    delivery: deliverySchema,
    log: z
      .strictObject({ level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info').describe('Least severe lines to write.') })
      .prefault({})
      .describe('JSON logs on standard output.'),
    tests: z.array(testSchema).default([]).describe('Messages in, expected annotations out; run by colloquy pipeline test.'),
  })
  .refine((config) => config.media.kind !== 'mongodb' || config.store.kind === 'mongodb', { path: ['media', 'kind'], message: 'found mongodb; expected store.kind to be mongodb too' });
