import { colloquyError, partitionOf, type Sink, type SinkRecord } from '@colloquy/core';
import type { Producer } from 'kafkajs';
import { encodeHeaders } from './header-text.js';
import { openKafka, type KafkaConnection, type OpenKafka } from './open-kafka.js';
import { probeTopic } from './probe-topic.js';

export interface KafkaSinkOptions extends KafkaConnection {
  readonly topic: string;
}

/**
 * Appends to a topic: acknowledged by all in-sync replicas, idempotent against the driver's own retries, key → partition as
 * Kafka's Java client does. Appends that come while one is under way go out together in the next request, in their order.
 * append() rejects with SOURCE_UNREACHABLE, or with SINK_REFUSED for a record the broker will never take.
 */
export async function kafkaSink(options: KafkaSinkOptions): Promise<Sink> {
  const { topic } = options;
  const opened = await openKafka(options);
  const name = `kafka topic ${topic}`;
  const producer = reconnecting(opened, topic);
  let queue: Append[] = [];
  let sending: Promise<void> | undefined;

  const sendAll = async () => {
    while (queue.length > 0) {
      const together = takeTogether(queue);
      queue = queue.slice(together.length);
      await settle(together, (records) => producer.send(records), name);
    }
    sending = undefined;
  };

  return {
    name,
    append: (records) =>
      new Promise<void>((resolve, reject) => {
        if (records.length === 0) return resolve();
        queue.push({ records, resolve, reject });
        sending ??= sendAll();
      }),
    check: () => probeTopic(opened, name, topic),
    close: async () => {
      await sending;
      await producer.close();
    },
  };
}

interface Append {
  readonly records: readonly SinkRecord[];
  resolve(): void;
  reject(error: unknown): void;
}

/** Below the broker's default limit of 1 MB for one batch. */
const requestBytes = 512_000;

/** The first appends of the queue that fit one request; at least one. */
function takeTogether(queue: readonly Append[]): readonly Append[] {
  let bytes = 0;
  const fitting = queue.findIndex(({ records }) => (bytes += records.reduce((sum, record) => sum + sizeOf(record), 0)) > requestBytes);
  return fitting < 0 ? queue : queue.slice(0, Math.max(1, fitting));
}

/** Sends appends as one. A record the broker refuses must not take the appends of others with it: then each goes alone. */
async function settle(appends: readonly Append[], send: (records: readonly SinkRecord[]) => Promise<void>, name: string): Promise<void> {
  try {
    for (const part of inRequests(appends.flatMap(({ records }) => records))) await send(part);
    for (const { resolve } of appends) resolve();
  } catch (error) {
    if (isRefusal(error) && appends.length > 1) {
      for (const append of appends) await settle([append], send, name);
      return;
    }
    const failure = isRefusal(error) ? colloquyError('SINK_REFUSED', { sink: name, problem: error.type }, error) : colloquyError('SOURCE_UNREACHABLE', { source: name }, error);
    for (const { reject } of appends) reject(failure);
  }
}

function inRequests(records: readonly SinkRecord[]): readonly (readonly SinkRecord[])[] {
  const parts: SinkRecord[][] = [];
  let bytes = Infinity;
  for (const record of records) {
    const size = sizeOf(record);
    if (bytes + size > requestBytes) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(record);
    bytes += size;
  }
  return parts;
}

function sizeOf({ key, value, headers }: SinkRecord): number {
  return value.length + key.length * 3 + Object.entries(headers).reduce((sum, [name, text]) => sum + name.length + text.length, 0) + 32;
}

const refusals = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'CORRUPT_MESSAGE'];

function isRefusal(error: unknown): error is Error & { readonly type: string } {
  const type = typeOf(error) ?? typeOf((error as { cause?: unknown }).cause);
  if (type === undefined || !refusals.includes(type)) return false;
  (error as { type?: string }).type = type;
  return true;
}

function typeOf(error: unknown): string | undefined {
  const type = (error as { type?: unknown } | undefined)?.type;
  return typeof type === 'string' ? type : undefined;
}

/** A producer is given up after a failure: its sequence numbers may no longer be those the broker expects. */
function reconnecting({ kafka, driver }: OpenKafka, topic: string) {
  let current: Producer | undefined;
  const discard = async () => {
    const old = current;
    current = undefined;
    await old?.disconnect().catch(() => undefined);
  };
  const connected = async () => {
    if (current !== undefined) return current;
    const made = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: () => ({ message, partitionMetadata }) => partitionOf(message.key as Buffer, partitionMetadata.length),
      retry: { initialRetryTime: 100, maxRetryTime: 2000, retries: 6 },
    });
    current = made;
    await made.connect();
    return made;
  };
  return {
    close: discard,
    send: async (records: readonly SinkRecord[]) => {
      try {
        const producer = await connected();
        const messages = records.map(({ key, value, headers }) => ({ key: Buffer.from(key), value: asBuffer(value), headers: encodeHeaders(headers) }));
        await producer.send({ topic, acks: -1, compression: driver.CompressionTypes.None, messages });
      } catch (error) {
        await discard();
        throw error;
      }
    },
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
