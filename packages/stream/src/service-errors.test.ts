import { colloquyError, type DeadLetter } from '@colloquy/core';
import { fakeClock, memoryDeadLetters, memoryParking, memorySink, memorySource, memoryStore } from '@colloquy/testing';
import { describe, expect, it } from 'vitest';
import { createDelivery } from './delivery.js';
import type { DeliveryParts } from './delivery-parts.js';
import { trialRecord, trialRecords, trialSettings } from './delivery-trial.js';
import { contentHash } from './record-content.js';

const retry = { initialMs: 100, maxMs: 1_000, maxAttempts: 5, budgetMs: 60_000 };

function setUp(over: Partial<DeliveryParts> = {}) {
  const clock = fakeClock();
  const source = memorySource({ maxBatch: 10 });
  const store = memoryStore();
  const deadLetters = memoryDeadLetters();
  const told: { readonly event: string; readonly fields: object }[] = [];
  const write = (event: string, fields: object = {}) => void told.push({ event, fields });
  const parts = { ...trialSettings(), clock, source, store, parking: memoryParking(), deadLetters, log: { debug: write, info: write, warn: write, error: write }, ...over };
  const delivery = createDelivery(parts, { retry, commitIntervalMs: 10 });
  const run = delivery.run();
  run.catch(() => undefined);
  const finish = async () => {
    await clock.runUntil(delivery.drain());
    await run;
  };
  return { clock, source, store, deadLetters, told, delivery, run, finish };
}

describe('a dead letter that is refused', () => {
  const refuseLong = (letters: readonly DeadLetter[]) => {
    if (letters.some(({ record }) => (record.value?.length ?? 0) > 1_000 || (record.key?.length ?? 0) > 1_000)) throw colloquyError('STORE_REFUSED', { id: '(unnamed)', problem: 'too large' });
  };

  it('is written without its value, and the others whole; the partition goes on', async () => {
    const deadLetters = memoryDeadLetters({ beforePut: refuseLong });
    const { clock, source, told, finish } = setUp({ deadLetters });
    const long = trialRecord('long', 0, ['bug']);
    const value = new Uint8Array([...long.value, ...new Uint8Array(5_000).fill(32)]);
    await source.produce([trialRecord('a', 0, ['bug']), { ...long, value, headers: { kind: 'x' } }, trialRecord('b', 0, ['bug'])]);
    await clock.advance(10_000);
    const letters = deadLetters.all();
    expect(letters.map(({ messageId }) => messageId)).toEqual(['a-0', 'long-0', 'b-0']);
    expect(letters.map(({ record }) => record.value !== undefined)).toEqual([true, false, true]);
    const hash = contentHash({ key: new TextEncoder().encode('long'), value });
    expect(letters[1]?.record.headers).toEqual({ kind: 'x', 'colloquy-cut': `${value.length} bytes; sha256 of key and value ${hash}` });
    expect(letters[1]?.id).toBe(`memory/memory/0/1/${hash.slice(0, 8)}`);
    expect(told).toContainEqual({ event: 'dead_letter.cut', fields: { partition: 'memory/0', offset: 1, code: 'STORE_REFUSED', size: value.length } });
    expect(source.committed().get('memory/0')).toBe(3);
    await finish();
  });

  it('for another reason is tried again whole, whatever the error', async () => {
    let failures = 8;
    const beforePut = () => {
      if (failures-- > 0) throw new Error('odd');
    };
    const deadLetters = memoryDeadLetters({ beforePut });
    const { clock, source, finish } = setUp({ deadLetters });
    await source.produce([trialRecord('a', 0, ['bug'])]);
    await clock.advance(60_000);
    expect(deadLetters.all().map(({ record }) => record.value !== undefined)).toEqual([true]);
    await finish();
  });
});

describe('a log event of a dead letter', () => {
  it('has partition and offset as fields of their own, so that no mask takes the place for a phone number', async () => {
    const { clock, source, told, finish } = setUp();
    await source.produce([trialRecord('a', 0), trialRecord('a', 1, ['bug'])]);
    await clock.advance(100);
    const event = told.find((one) => one.event === 'message.dead_lettered');
    expect(event?.fields).toMatchObject({ partition: 'memory/0', offset: 1, code: 'STAGE_FAILED' });
    expect(event?.fields).not.toHaveProperty('id');
    await finish();
  });
});

describe('an error of kind config at run time', () => {
  const corrupt = () => {
    throw colloquyError('STORE_CORRUPT', { dir: 'data', problem: 'a damaged page' });
  };
  const cases: readonly (readonly [string, Partial<DeliveryParts>])[] = [
    ['store', { store: memoryStore({ beforeSave: corrupt }) }],
    ['enriched', { enriched: memorySink({ beforeAppend: corrupt }) }],
    ['parking', { parking: memoryParking({ beforeWrite: corrupt }) }],
    ['parking', { parking: memoryParking({ beforeLoad: corrupt }) }],
    ['dead-letters', { deadLetters: memoryDeadLetters({ beforePut: corrupt }) }],
  ];

  it.each(cases)('of %s ends the runner at once: nothing is dead-lettered or committed for it', async (name, over) => {
    const { clock, source, deadLetters, told, delivery, run } = setUp(over);
    await source.produce([trialRecord('p', 0, ['transient']), trialRecord('d', 0, ['bug']), ...trialRecords(30, 4)]);
    const startedAtMs = clock.now();
    await expect(clock.runUntil(run)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    expect(clock.now() - startedAtMs).toBeLessThan(5_000);
    expect(deadLetters.all().filter(({ code }) => code === 'STORE_CORRUPT')).toEqual([]);
    expect(source.committed().get('memory/0') ?? 0).toBeLessThanOrEqual(2); // the first is parked, the second dead
    const status = delivery.status();
    expect(status).toMatchObject({ state: 'stopped', inFlight: 0, dependencies: { [name]: { isUp: false, code: 'STORE_CORRUPT' } } });
    expect(told.filter(({ event }) => event === 'delivery.failed')).toEqual([{ event: 'delivery.failed', fields: { name: 'ColloquyError', code: 'STORE_CORRUPT' } }]);
  });
});
