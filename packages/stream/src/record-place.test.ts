import type { SourceRecord } from '@colloquy/core';
import { fakeClock, memoryDeadLetters, memoryParking, memorySource, memoryStore } from '@colloquy/testing';
import { describe, expect, it } from 'vitest';
import { createDelivery } from './delivery.js';
import { trialRecord, trialSettings, type Plan } from './delivery-trial.js';
import { contentHash, hasSameBytes } from './record-content.js';

const retry = { initialMs: 1_000, maxMs: 1_000, maxAttempts: 5, budgetMs: 60_000 };

function recordOf(conversationId: string, number: number, plan: Plan, offset = 0): SourceRecord {
  const { key, value } = trialRecord(conversationId, number, plan);
  return { partition: 'memory/0', offset, key: new TextEncoder().encode(key), value, headers: {}, at: '2026-03-02T12:00:00.000Z' };
}

/** A runner that has `old` parked at offset 0, and whose source now has other records. */
async function setUp(old: SourceRecord, { key, value }: ReturnType<typeof trialRecord>) {
  const clock = fakeClock();
  const source = memorySource();
  const store = memoryStore();
  const parking = memoryParking();
  const deadLetters = memoryDeadLetters();
  const at = new Date(clock.now()).toISOString();
  await parking.park([{ key: new TextDecoder().decode(old.key), record: old, attempts: 1, parkedAt: at, nextAttemptAt: new Date(clock.now() + 1_000).toISOString() }]);
  await source.produce([{ key, value }]);
  const delivery = createDelivery({ ...trialSettings(), clock, source, store, parking, deadLetters }, { retry, commitIntervalMs: 10 });
  const run = delivery.run();
  const finish = async () => {
    await clock.runUntil(delivery.drain());
    await run;
  };
  return { clock, source, store, parking, deadLetters, delivery, finish };
}

describe('another record at the place of a parked one', () => {
  it('is processed, and the parked one is still retried', async () => {
    const { clock, source, store, parking, finish } = await setUp(recordOf('old', 0, []), trialRecord('new', 0));
    await clock.advance(100);
    expect(store.savedIds()).toEqual(['new-0']);
    expect(parking.all().length).toBe(1);
    await clock.advance(2_000);
    expect(store.savedIds()).toEqual(['new-0', 'old-0']);
    expect(parking.all()).toEqual([]);
    expect(source.committed().get('memory/0')).toBe(1);
    await finish();
  });

  it('does not overwrite it in parking: having to wait too, it is dead-lettered', async () => {
    const { clock, source, store, parking, deadLetters, finish } = await setUp(recordOf('old', 0, []), trialRecord('new', 0, ['transient']));
    await clock.advance(100);
    expect(deadLetters.all()).toMatchObject([{ messageId: 'new-0', stage: 'parking', code: 'DELIVERY_PLACE_TAKEN', kind: 'input' }]);
    expect(parking.all().map(({ key }) => key)).toEqual(['old']);
    expect(source.committed().get('memory/0')).toBe(1);
    await clock.advance(2_000);
    expect(store.savedIds()).toEqual(['old-0']);
    await finish();
  });

  it('is not committed because the parked one was settled', async () => {
    const clock = fakeClock();
    const source = memorySource();
    const parking = memoryParking();
    const old = recordOf('old', 0, []);
    const at = new Date(clock.now()).toISOString();
    await parking.park([{ key: 'old', record: old, attempts: 0, parkedAt: at, nextAttemptAt: at }]);
    await source.produce([trialRecord('new', 0)]);
    const { process } = trialSettings();
    const store = memoryStore();
    const slow: typeof process = async (messages, options) => {
      if (messages.some(({ conversationId }) => conversationId === 'new')) await clock.sleep(5_000);
      return process(messages, options);
    };
    const delivery = createDelivery({ ...trialSettings(), process: slow, clock, source, store, parking, deadLetters: memoryDeadLetters() }, { retry, commitIntervalMs: 10, maxBatch: 1 });
    const run = delivery.run();
    await clock.advance(3_000);
    expect(store.savedIds()).toEqual(['old-0']);
    expect(source.committed().get('memory/0')).toBeUndefined();
    await clock.advance(5_000);
    expect(store.savedIds()).toEqual(['old-0', 'new-0']);
    expect(source.committed().get('memory/0')).toBe(1);
    await clock.runUntil(delivery.drain());
    await run;
  });

  it('is the same record where key and value are equal: it is not processed twice', async () => {
    const { clock, store, finish } = await setUp(recordOf('old', 0, []), trialRecord('old', 0));
    await clock.advance(100);
    expect(store.savedIds()).toEqual([]);
    await clock.advance(2_000);
    expect(store.savedIds()).toEqual(['old-0']);
    await finish();
  });
});

describe('the content of a record', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  it('tells absent from empty, and key from value', () => {
    expect(hasSameBytes({ key: undefined, value: bytes('a') }, { key: undefined, value: bytes('a') })).toBe(true);
    expect(hasSameBytes({ key: undefined, value: bytes('a') }, { key: bytes(''), value: bytes('a') })).toBe(false);
    const hashes = [{ key: bytes('ab'), value: bytes('c') }, { key: bytes('a'), value: bytes('bc') }, { key: undefined, value: bytes('abc') }, { key: bytes('abc'), value: undefined }].map(contentHash);
    expect(new Set(hashes).size).toBe(4);
  });
});
