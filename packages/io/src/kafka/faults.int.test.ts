import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger, Source, SourceListener, SourceRecord } from '@colloquy/core';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { needsService, ownService } from '../../../../tools/services/needs-service.js';
import { ensureTopics, kafkaSink, kafkaSource } from './index.js';

const needed = await needsService('kafka');
const brokers = needed.address.split(',');
const waiting = { timeout: 40_000, interval: 20 };

describe.skipIf(needed.isAbsent)('a consumer group', () => {
  it('loses no record and repeats no committed one when a member joins and leaves', async () => {
    const { topic, append } = await freshTopic(brokers, 4);
    const groupId = `group-${topic}`;
    await append(0, 200);
    const first = member(await kafkaSource({ brokers, topic, groupId }), { commitsWhenRevoked: true });
    await vi.waitFor(() => expect(first.seen.size).toBe(200), waiting);
    const second = member(await kafkaSource({ brokers, topic, groupId }), { commitsWhenRevoked: true });
    await vi.waitFor(() => expect(second.log.some((line) => line.startsWith('assigned'))).toBe(true), waiting);
    await vi.waitFor(() => expect(first.log.filter((line) => line.startsWith('assigned')).length).toBe(2), waiting);
    // All four were given back, and committed, before any of them went to the other.
    expect(first.log.slice(0, 3)).toEqual([`assigned ${topic}/0 ${topic}/1 ${topic}/2 ${topic}/3`, `revoked ${topic}/0 ${topic}/1 ${topic}/2 ${topic}/3`, 'committed']);
    await append(200, 400);
    await vi.waitFor(() => expect(first.seen.size + second.seen.size).toBe(400), waiting);
    expect([...first.seen].filter((value) => second.seen.has(value))).toEqual([]);
    expect(second.seen.size).toBeGreaterThan(0);
    await second.commitAll();
    await second.close();
    await vi.waitFor(() => expect(first.log.filter((line) => line.startsWith('assigned')).length).toBe(3), waiting);
    await append(400, 500);
    await vi.waitFor(() => expect(first.seen.size + second.seen.size).toBe(500), waiting);
    expect(first.repeated).toBe(0);
    await first.close();
  });

  it('keeps a member that makes it wait for longer than its session', async () => {
    const { topic, append } = await freshTopic(brokers, 1);
    await append(0, 10);
    let isOpen = false;
    const slow = member(await kafkaSource({ brokers, topic, groupId: `group-${topic}`, sessionTimeoutMs: 2000, heartbeatMs: 300, maxBatchRecords: 5 }), {
      records: async () => {
        while (!isOpen) await delay(20);
      },
    });
    await vi.waitFor(() => expect(slow.seen.size).toBe(5), waiting);
    await delay(6000);
    expect(slow.seen.size).toBe(5);
    isOpen = true;
    await vi.waitFor(() => expect(slow.seen.size).toBe(10), waiting);
    expect(slow.log).toEqual([`assigned ${topic}/0`]);
    await slow.commitAll();
    await slow.close();
  });

  it('refuses a commit for partitions that are not its own', async () => {
    const { topic, append } = await freshTopic(brokers, 1);
    await append(0, 1);
    const source = await kafkaSource({ brokers, topic, groupId: `group-${topic}` });
    await expect(source.commit(new Map([[`${topic}/0`, 1]]))).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    const only = member(source);
    await vi.waitFor(() => expect(only.seen.size).toBe(1), waiting);
    await expect(source.commit(new Map([[`${topic}/7`, 1]]))).rejects.toMatchObject({ code: 'SOURCE_PARTITION_LOST', kind: 'transient' });
    await only.close();
  });

  it('rejects run() with what the listener threw', async () => {
    const { topic, append } = await freshTopic(brokers, 1);
    await append(0, 1);
    const source = await kafkaSource({ brokers, topic, groupId: `group-${topic}` });
    const failing = source.run({ assigned: async () => undefined, revoked: async () => undefined, records: async () => Promise.reject(new RangeError('mine')) });
    await expect(failing).rejects.toThrow(new RangeError('mine'));
    await source.close();
  });
});

const own = await ownService('kafka');

describe.skipIf(own === undefined)('a broker that goes away', () => {
  afterAll(() => own?.stop());

  it.each([{ hard: false }, { hard: true }])('and comes back loses nothing (killed: $hard)', async ({ hard }) => {
    if (own === undefined) return;
    const address = [own.address];
    const lines: string[] = [];
    const logger = recording(lines);
    const { topic, append } = await freshTopic(address, 2, logger);
    await append(0, 50);
    const source = await kafkaSource({ brokers: address, topic, groupId: `group-${topic}`, sessionTimeoutMs: 3000, heartbeatMs: 500, logger });
    const reader = member(source);
    await vi.waitFor(() => expect(reader.seen.size).toBe(50), waiting);
    await reader.commitAll();
    await own.pause({ hard });
    await expect(source.check()).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE', kind: 'transient' });
    const written = untilAppended(append);
    await delay(3000);
    await own.restart();
    await written;
    await vi.waitFor(() => expect(reader.seen.size).toBe(100), waiting);
    await expect(source.check()).resolves.toBeUndefined();
    await vi.waitFor(() => reader.commitAll(), waiting);
    await reader.close();

    const again = member(await kafkaSource({ brokers: address, topic, groupId: `group-${topic}`, logger }));
    await append(100, 101);
    await vi.waitFor(() => expect([...again.seen]).toEqual(['secret-100']), waiting);
    await again.close();
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => line.includes('secret'))).toEqual([]);
  }, 120_000);

  it('not there yet is waited for', async () => {
    if (own === undefined) return;
    const address = [own.address];
    const { topic, append } = await freshTopic(address, 1);
    await append(0, 3);
    await own.pause();
    const reader = member(await kafkaSource({ brokers: address, topic, groupId: `group-${topic}` }));
    await delay(1500);
    expect(reader.seen.size).toBe(0);
    await own.restart();
    await vi.waitFor(() => expect(reader.seen.size).toBe(3), waiting);
    await reader.close();
  }, 120_000);
});

async function freshTopic(to: readonly string[], partitions: number, logger?: Logger) {
  const topic = `faults-${randomUUID()}`;
  const connection = { brokers: to, ...(logger === undefined ? {} : { logger }) };
  await ensureTopics({ ...connection, topics: [{ topic, partitions }] });
  const sink = await kafkaSink({ ...connection, topic });
  const append = (from: number, end: number) =>
    sink.append(Array.from({ length: end - from }, (_, index) => ({ key: `c-${(from + index) % 23}`, value: Buffer.from(`secret-${from + index}`), headers: {} })));
  return { topic, append };
}

/** As a caller must: again until it is taken. At least once, so the reader counts different values. */
async function untilAppended(append: (from: number, end: number) => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await append(50, 100);
    } catch (error) {
      expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', kind: 'transient' });
      await delay(200);
    }
  }
}

interface Member {
  readonly seen: ReadonlySet<string>;
  readonly repeated: number;
  readonly log: readonly string[];
  commitAll(): Promise<void>;
  close(): Promise<void>;
}

function member(source: Source, options: { readonly commitsWhenRevoked?: boolean } & Partial<SourceListener> = {}): Member {
  const seen = new Set<string>();
  const log: string[] = [];
  const next = new Map<string, number>();
  let repeated = 0;
  const run = source.run({
    assigned: async (partitions) => {
      log.push(['assigned', ...partitions].join(' '));
      next.clear();
    },
    revoked: async (partitions) => {
      log.push(['revoked', ...partitions].join(' '));
      await delay(300);
      if (options.commitsWhenRevoked !== true) return;
      await source.commit(next);
      log.push('committed');
    },
    records: async (records: readonly SourceRecord[]) => {
      for (const { partition, offset, value } of records) {
        const text = new TextDecoder().decode(value);
        if (seen.has(text)) repeated++;
        seen.add(text);
        next.set(partition, offset + 1);
      }
      await options.records?.(records);
    },
  });
  return {
    seen,
    log,
    get repeated() {
      return repeated;
    },
    commitAll: () => source.commit(next),
    close: async () => {
      await source.stop();
      await run;
      await source.close();
    },
  };
}

function recording(lines: string[]): Logger {
  const write = (event: string, fields?: object) => void lines.push(`${event} ${JSON.stringify(fields)}`);
  return { debug: write, info: write, warn: write, error: write };
}
