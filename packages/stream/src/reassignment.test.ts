import { colloquyError, type Source, type SourceListener, type SourceRecord } from '@colloquy/core';
import { fakeClock, memoryDeadLetters, memoryParking, memorySource, memoryStore, type MemoryParkingOptions } from '@colloquy/testing';
import { describe, expect, it } from 'vitest';
import { createDelivery } from './delivery.js';
import type { DeliveryParts } from './delivery-parts.js';
import { trialProcess, trialRecord, trialSettings } from './delivery-trial.js';

const partition = 'memory/0';

function recordAt(offset: number): SourceRecord {
  const { key, value } = trialRecord(`c${offset}`, 0);
  return { partition, offset, key: new TextEncoder().encode(key), value, headers: {}, at: '2026-03-02T12:00:00.000Z' };
}

/** A delivery whose source is played by the test, through its listener. */
async function setUp(over: Partial<DeliveryParts> = {}, parkingOptions: MemoryParkingOptions = {}) {
  const clock = fakeClock();
  const ended = new AbortController();
  const committed: number[] = [];
  let listener: SourceListener | undefined;
  const source: Source = {
    ...memorySource(),
    run: (given) => {
      listener = given;
      return new Promise((resolve) => ended.signal.addEventListener('abort', () => resolve()));
    },
    commit: async (offsets) => void committed.push(...offsets.values()),
    stop: async () => ended.abort(),
  };
  const store = memoryStore();
  const { process } = trialProcess((messages) => (messages.some(({ id }) => id === 'c0-0') ? clock.sleep(2_000) : Promise.resolve()));
  const delivery = createDelivery({ ...trialSettings(), process, clock, source, store, parking: memoryParking(parkingOptions), deadLetters: memoryDeadLetters(), ...over }, { commitIntervalMs: 10 });
  const run = delivery.run();
  run.catch(() => undefined);
  if (listener === undefined) throw new Error('run() did not start the source');
  return { clock, store, committed, listener, delivery, run };
}

describe('a partition assigned again', () => {
  it('before its revoked() has ended waits for that, and then its records are taken', async () => {
    const { clock, store, committed, listener, delivery, run } = await setUp();
    await listener.assigned([partition]);
    await listener.records([recordAt(0)]);
    await clock.advance(10);
    const revoked = listener.revoked([partition]);
    let isAssigned = false;
    const assigned = listener.assigned([partition]).then(() => (isAssigned = true));
    await clock.advance(500);
    expect(isAssigned).toBe(false);
    await clock.runUntil(Promise.all([revoked, assigned]));
    await listener.records([recordAt(1), recordAt(2)]);
    await clock.advance(100);
    expect([...store.savedIds()].sort()).toEqual(['c0-0', 'c1-0', 'c2-0']);
    expect(committed.at(-1)).toBe(3);
    expect(delivery.status()).toMatchObject({ state: 'running', partitions: [{ partition, position: 3 }] });
    await clock.runUntil(delivery.drain());
    await run;
  });

  it('and revoked again while it waits is not owned', async () => {
    const { clock, listener, delivery, run } = await setUp();
    await listener.assigned([partition]);
    await listener.records([recordAt(0)]);
    await clock.advance(10);
    const calls = [listener.revoked([partition]), listener.assigned([partition]), listener.revoked([partition])];
    await clock.runUntil(Promise.all(calls));
    expect(delivery.status().partitions).toEqual([]);
    await clock.runUntil(delivery.drain());
    await run;
  });
});

describe('a revoked partition', () => {
  it('whose parked messages could not be loaded yet is given up at once', async () => {
    let loads = 0;
    const beforeLoad = () => {
      loads++;
      throw colloquyError('STORE_UNREACHABLE', { store: 'parking' });
    };
    const { clock, listener, delivery, run } = await setUp({}, { beforeLoad });
    const assigned = listener.assigned([partition]);
    await clock.advance(1_000);
    await clock.runUntil(listener.revoked([partition]));
    await assigned;
    const before = loads;
    await clock.advance(60_000);
    expect(before).toBeGreaterThan(1);
    expect(loads).toBe(before);
    expect(delivery.status().partitions).toEqual([]);
    await clock.runUntil(delivery.drain());
    await run;
  });
});

describe('records of a partition that was never assigned', () => {
  it('end the engine with an error that is told, for they would be lost in silence', async () => {
    const told: string[] = [];
    const write = (event: string, fields?: object) => void told.push(`${event} ${JSON.stringify(fields)}`);
    const { clock, listener, delivery, run } = await setUp({ log: { debug: write, info: write, warn: write, error: write } });
    await listener.records([recordAt(7)]);
    await clock.advance(20_000);
    await expect(run).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(told).toContain('records.unassigned {"partition":"memory/0","offset":7}');
    expect(delivery.status().state).toBe('stopped');
  });
});
