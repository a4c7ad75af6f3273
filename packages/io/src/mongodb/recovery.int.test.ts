import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { compareKeys, summaryOf, type ConversationSummary, type StoredMessage } from '@colloquy/core';
import { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needsService, ownService } from '../../../../tools/services/needs-service.js';
import { openMongodb, type Mongodb } from './index.js';

const needed = await needsService('mongodb');
const child = fileURLToPath(new URL('./interrupted-save.child.ts', import.meta.url));
const root = fileURLToPath(new URL('../../../..', import.meta.url));

describe.skipIf(needed.isAbsent)('a save that is interrupted', () => {
  let database: string;
  let mongodb: Mongodb;
  const raw = new MongoClient(needed.address);
  beforeEach(async () => {
    database = `recovery_${randomUUID().slice(0, 8)}`;
    mongodb = await openMongodb({ uri: needed.address, database });
    await mongodb.store.open();
  });
  afterEach(async () => {
    await mongodb.close();
    await raw.db(database).dropDatabase();
  });
  afterAll(() => raw.close());

  const expectState = async (messages: readonly StoredMessage[]) => {
    for (const id of new Set(messages.map(({ conversationId }) => conversationId))) {
      const expected = withoutOrder(summaryOf(messages.filter(({ conversationId }) => conversationId === id)));
      expect(withoutOrder(await mongodb.store.conversation(id))).toEqual(expected);
    }
    for (const message of messages) expect(await mongodb.store.message(message.id)).toEqual(message);
    expect(await raw.db(database).collection('messages').countDocuments({ summarised: true })).toBe(messages.length);
  };

  /** How many documents hold the traces of the interrupted save: [messages, marked messages, summaries]. */
  const traces = async () => {
    const db = raw.db(database);
    return [await db.collection('messages').countDocuments(), await db.collection('messages').countDocuments({ summarised: true }), await db.collection('conversations').countDocuments()];
  };

  it.each([
    ['inserted', [8, 0, 0]],
    ['counted', [8, 0, 2]],
    ['joined', [8, 0, 2]],
    ['marked', [8, 8, 2]],
  ] as const)('by SIGKILL after the step "%s" is completed by the same save', async (step, left) => {
    const messages = conversations(8);
    expect(await runChild(needed.address, database, step, messages)).toBe('SIGKILL');
    expect(await traces()).toEqual(left);
    await mongodb.store.save(messages);
    await expectState(messages);
    await mongodb.store.save(messages);
    await expectState(messages);
  });

  it('twice, at each pair of steps, is completed by the third', async () => {
    const messages = conversations(6);
    for (const step of ['inserted', 'counted', 'joined']) expect(await runChild(needed.address, database, step, messages)).toBe('SIGKILL');
    await mongodb.store.save([...messages].reverse());
    await expectState(messages);
  });

  it('is completed with what it stored, not with what a later enrichment says', async () => {
    const messages = conversations(4);
    expect(await runChild(needed.address, database, 'inserted', messages)).toBe('SIGKILL');
    await mongodb.store.save(messages.map((message) => ({ ...message, ann: {}, faults: [], text: 'other', direction: 'outbound' as const })));
    await expectState(messages);
  });

  it('does no harm to a summary made anew in between', async () => {
    const messages = conversations(8);
    expect(await runChild(needed.address, database, 'counted', messages.slice(0, 4))).toBe('SIGKILL');
    expect(await runChild(needed.address, database, 'inserted', messages.slice(4))).toBe('SIGKILL');
    for (const id of ['c-0', 'c-1']) await mongodb.store.rebuildSummary(id);
    await mongodb.store.save(messages);
    await expectState(messages);
  });

  it('by SIGKILL at any moment is completed by the same save', async () => {
    const messages = conversations(60);
    for (let round = 0; round < 6; round++) {
      const running = start(needed.address, database, 'never', messages.slice(0, (round + 1) * 10));
      await delay(250 + round * 130);
      running.kill('SIGKILL');
      await ended(running);
    }
    await mongodb.store.save(messages);
    await expectState(messages);
  });

  it('by another writer of the same messages counts each once', async () => {
    const messages = conversations(60);
    const other = await openMongodb({ uri: needed.address, database });
    const batches = Array.from({ length: 12 }, (_, index) => messages.slice(index * 5, index * 5 + 5));
    const writer = async ({ store }: Mongodb) => {
      for (const batch of batches) await store.save(batch);
    };
    const backwards = async ({ store }: Mongodb) => {
      for (const batch of [...batches].reverse()) await store.save([...batch].reverse());
    };
    const rebuilding = async () => {
      for (let round = 0; round < 5; round++) await mongodb.store.rebuildSummary(`c-${round % 2}`);
    };
    await Promise.all([writer(mongodb), writer(other), backwards(other), backwards(mongodb), rebuilding()]);
    await other.close();
    await expectState(messages);
  });
});

const own = await ownService('mongodb');

describe.skipIf(own === undefined)('a database that goes away', () => {
  afterAll(() => own?.stop());

  it('keeps everything acknowledged, says so meanwhile, and takes the rest afterwards', async () => {
    if (own === undefined) return;
    const mongodb = await openMongodb({ uri: own.address, timeoutMs: 800 });
    await mongodb.store.open();
    const messages = conversations(120);
    const acknowledged: StoredMessage[] = [];
    const saving = (async () => {
      for (const message of messages) {
        const isSaved = await mongodb.store.save([message]).then(() => true, (error: unknown) => {
          expect(error).toMatchObject({ code: 'STORE_UNREACHABLE', kind: 'transient' });
          return false;
        });
        if (!isSaved) break;
        acknowledged.push(message);
      }
    })();
    await delay(400);
    await own.pause({ hard: true });
    await saving;
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(acknowledged.length).toBeLessThan(messages.length);
    for (const check of [mongodb.store, mongodb.parking, mongodb.deadLetters, mongodb.media]) await expect(check.check()).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
    await own.restart();
    for (const message of acknowledged) expect(await mongodb.store.message(message.id)).toEqual(message);
    await mongodb.store.save(messages);
    for (const id of ['c-0', 'c-1']) {
      expect(withoutOrder(await mongodb.store.conversation(id))).toEqual(withoutOrder(summaryOf(messages.filter(({ conversationId }) => conversationId === id))));
    }
    await mongodb.close();
  });
});

function start(uri: string, database: string, step: string, messages: readonly StoredMessage[]) {
  return spawn(process.execPath, ['--import', 'tsx', child, uri, database, step, JSON.stringify(messages)], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}

async function runChild(...args: Parameters<typeof start>): Promise<string | number | null> {
  return ended(start(...args));
}

function ended(running: ReturnType<typeof start>): Promise<string | number | null> {
  return new Promise((resolve) => running.once('exit', (code, signal) => resolve(signal ?? code)));
}

/** Two conversations, two authors each, with everything a summary counts. */
function conversations(count: number): readonly StoredMessage[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `m-${index}`,
    conversationId: `c-${index % 2}`,
    at: new Date(Date.UTC(2026, 2, 2, 10, (index * 7) % 50)).toISOString(),
    author: { id: `author-${index % 4}`, role: 'customer', name: `Name ${index % 4}` },
    channel: 'whatsapp',
    direction: index % 3 === 2 ? 'outbound' : 'inbound',
    text: `number ${index}`,
    media: index % 5 === 0 ? [{ kind: 'image' }] : [],
    meta: {},
    ann: { intent: { name: `intent_${index % 3}`, score: 0.5, alternatives: [], source: { stage: 'classify-intent@1' } } },
    faults: index % 4 === 0 ? [{ stage: 'process-media@1', code: 'MEDIA_CORRUPT', kind: 'fault' }] : [],
    pipeline: ['classify-intent@1'],
    position: { source: 'test', partition: 'inbound/0', offset: index },
    enrichedAt: '2026-03-02T10:00:01.000Z',
  }));
}

/** Without what depends on the order of arrival: the order of `recent`. */
function withoutOrder(summary: ConversationSummary | undefined): ConversationSummary | undefined {
  return summary && { ...summary, recent: [...summary.recent].sort(compareKeys) };
}
