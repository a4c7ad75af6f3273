import { randomUUID } from 'node:crypto';
import { partitionOf, type SourceRecord } from '@colloquy/core';
import { sourceSuite } from '@colloquy/testing';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, describe, expect, it } from 'vitest';
import { needsService } from '../../../../tools/services/needs-service.js';
import { ensureTopics, kafkaSink, kafkaSource } from './index.js';
import vectors from './partition-vectors.json';

const needed = await needsService('kafka');
const brokers = needed.address.split(',');

describe.skipIf(needed.isAbsent)('Kafka', () => {
  sourceSuite({
    name: 'kafka',
    partitions: 3,
    quietMs: 800,
    open: async () => {
      const topic = `suite-${randomUUID()}`;
      await ensureTopics({ brokers, topics: [{ topic, partitions: 3 }] });
      const sink = await kafkaSink({ brokers, topic });
      const open = () => kafkaSource({ brokers, topic, groupId: `group-${topic}` });
      return {
        source: await open(),
        produce: (records) => sink.append(records.map(({ key, value, headers = {} }) => ({ key: key as string, value: value as Uint8Array, headers }))),
        reopen: open,
        close: () => sink.close(),
      };
    },
  });

  describe('kafkaSink', () => {
    const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    afterAll(() => admin.disconnect());

    it('puts keys where the Java client puts them', async () => {
      const topic = `vectors-${randomUUID()}`;
      await ensureTopics({ brokers, topics: [{ topic, partitions: 12 }] });
      const sink = await kafkaSink({ brokers, topic });
      await sink.append(vectors.map(({ key }, index) => ({ key, value: Buffer.from(String(index)), headers: {} })));
      await sink.close();
      const read = await readAll(topic, vectors.length);
      const found = Object.fromEntries(read.map(({ value, partition }) => [new TextDecoder().decode(value), partition]));
      expect(found).toEqual(Object.fromEntries(vectors.map(({ of12 }, index) => [String(index), `${topic}/${of12}`])));
    });

    it('keeps the order of appends made at once', async () => {
      const topic = `order-${randomUUID()}`;
      await ensureTopics({ brokers, topics: [{ topic, partitions: 1 }] });
      const sink = await kafkaSink({ brokers, topic });
      await Promise.all(Array.from({ length: 300 }, (_, index) => sink.append([{ key: `k${index % 7}`, value: Buffer.from(String(index)), headers: {} }])));
      await sink.close();
      const read = await readAll(topic, 300);
      expect(read.map(({ value }) => Number(new TextDecoder().decode(value)))).toEqual(Array.from({ length: 300 }, (_, index) => index));
    });

    it('refuses only the record that is too large, with SINK_REFUSED, and goes on', async () => {
      const topic = `large-${randomUUID()}`;
      await ensureTopics({ brokers, topics: [{ topic, partitions: 1 }] });
      const sink = await kafkaSink({ brokers, topic });
      const append = (bytes: number) => sink.append([{ key: 'k', value: new Uint8Array(bytes), headers: {} }]);
      const outcomes = await Promise.allSettled([append(1), append(10), append(2_000_000), append(20)]);
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
      await expect(append(2_000_000)).rejects.toMatchObject({ code: 'SINK_REFUSED', kind: 'input' });
      await sink.close();
      expect((await readAll(topic, 3)).map(({ value }) => value?.length)).toEqual([1, 10, 20]);
    });

    it('carries headers byte by byte', async () => {
      const topic = `headers-${randomUUID()}`;
      await ensureTopics({ brokers, topics: [{ topic, partitions: 1 }] });
      const producer = kafka.producer();
      await producer.connect();
      await producer.send({ topic, messages: [{ key: null, value: null, headers: { raw: Buffer.from([0xfe, 1]), text: 'ñ' } }] });
      await producer.disconnect();
      const [record] = await readAll(topic, 1);
      expect(record).toMatchObject({ key: undefined, value: undefined, headers: { raw: 'base64:/gE=', text: 'ñ' } });
      const sink = await kafkaSink({ brokers, topic });
      await sink.append([{ key: 'again', value: new Uint8Array(1), headers: record?.headers ?? {} }]);
      await sink.close();
      expect((await readAll(topic, 2))[1]?.headers).toEqual(record?.headers);
    });
  });

  describe('ensureTopics', () => {
    it('makes what is missing, once, and leaves what is there', async () => {
      const topic = `ensure-${randomUUID()}`;
      expect(await ensureTopics({ brokers, topics: [{ topic, partitions: 5 }] })).toEqual([{ topic, partitions: 5, isNew: true }]);
      expect(await ensureTopics({ brokers, topics: [{ topic, partitions: 7 }] })).toEqual([{ topic, partitions: 5, isNew: false }]);
    });
  });

  it('says that a topic is missing', async () => {
    const source = await kafkaSource({ brokers, topic: `absent-${randomUUID()}`, groupId: 'g' });
    await expect(source.check()).rejects.toMatchObject({ code: 'SOURCE_TOPIC_MISSING' });
    await source.close();
  });
});

/** The first `count` records, by partition and offset, read without a commit. */
async function readAll(topic: string, count: number): Promise<readonly SourceRecord[]> {
  const source = await kafkaSource({ brokers, topic, groupId: `read-${randomUUID()}` });
  const read: SourceRecord[] = [];
  await source.run({
    assigned: async () => undefined,
    revoked: async () => undefined,
    records: async (records) => {
      read.push(...records);
      if (read.length >= count) await source.stop();
    },
  });
  await source.close();
  return read;
}

it('murmur2 agrees with Kafka on its own results', () => {
  expect(vectors.filter(({ key, of12, of50 }) => partitionOf(key, 12) !== of12 || partitionOf(key, 50) !== of50)).toEqual([]);
});
