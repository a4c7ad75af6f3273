import { colloquyError, partitionOf } from '@colloquy/core';
import { fakeClock, memoryDeadLetters, memoryParking, memorySink, memorySource, memoryStore, type MemorySource } from '@colloquy/testing';
import { describe, expect, it } from 'vitest';
import { createDelivery } from './delivery.js';
import type { DeliverySettings } from './delivery-options.js';
import type { DeliveryParts } from './delivery-parts.js';
import { trialProcess, trialRecord, trialRecords, trialSettings } from './delivery-trial.js';

const unreachable = () => colloquyError('STORE_UNREACHABLE', { store: 'memory' });
const retry = { initialMs: 100, maxMs: 1_000, maxAttempts: 5, budgetMs: 60_000 };

/** A delivery over memory doubles. `random` is 0: the waits are half of 100, 200, 400, … ms. */
function setUp(over: Partial<DeliveryParts> & { readonly source?: MemorySource } = {}, settings: DeliverySettings = {}) {
  const clock = fakeClock();
  const source = over.source ?? memorySource({ finite: true });
  const store = memoryStore();
  const parking = memoryParking();
  const deadLetters = memoryDeadLetters();
  const parts = { ...trialSettings(), clock, source, store, parking, deadLetters, ...over };
  const delivery = createDelivery(parts, { retry, ...settings });
  return { clock, source, store, parking, deadLetters, delivery, finish: () => clock.runUntil(delivery.run()) };
}


describe('a dependency that is down', () => {
  it.each(['store', 'enriched'] as const)('holds the source back while the %s does not answer, and loses nothing', async (which) => {
    let isDown = true;
    const refuse = () => {
      if (isDown) throw unreachable();
    };
    const store = memoryStore(which === 'store' ? { beforeSave: refuse } : {});
    const enriched = memorySink(which === 'enriched' ? { beforeAppend: refuse } : {});
    const { clock, source, delivery } = setUp({ source: memorySource({ maxBatch: 10 }), store, enriched }, { maxInFlight: 50 });
    await source.produce(trialRecords(300, 5));
    const run = delivery.run();
    await clock.advance(60_000);
    const status = delivery.status();
    expect(status.dependencies[which]).toMatchObject({ isUp: false, code: 'STORE_UNREACHABLE', since: '2026-03-02T12:00:00.000Z' });
    expect(status.isHeldBack).toBe(true);
    expect(status.totals.taken).toBeLessThanOrEqual(50);
    expect(source.committed().get('memory/0')).toBeUndefined();
    isDown = false;
    await clock.advance(10_000);
    expect(enriched.all().length).toBe(300);
    expect(store.savedIds().length).toBe(300);
    expect(delivery.status()).toMatchObject({ isHeldBack: false, dependencies: { [which]: { isUp: true } } });
    expect(source.committed().get('memory/0')).toBe(300);
    await clock.runUntil(delivery.drain());
    await run;
  });

  it('waits for parking and dead letters, whatever they throw', async () => {
    let failures = 6;
    const stutter = () => {
      if (failures-- > 0) throw unreachable();
    };
    const parking = memoryParking({ beforeWrite: stutter, beforeLoad: stutter });
    let bugs = 3;
    const deadLetters = memoryDeadLetters({
      beforePut: () => {
        if (bugs-- > 0) throw new Error('odd');
      },
    });
    const { source, store, finish } = setUp({ parking, deadLetters });
    await source.produce([trialRecord('a', 0, ['transient']), trialRecord('a', 1, ['input', 'input']), trialRecord('a', 2)]);
    await finish();
    expect(store.savedIds()).toEqual(['a-0', 'a-2']);
    expect(deadLetters.all().map(({ messageId }) => messageId)).toEqual(['a-1']);
    expect(parking.all()).toEqual([]);
  });

  it('makes up for commits the source refused', async () => {
    const source = memorySource();
    let isDown = true;
    const flaky: MemorySource = { ...source, commit: async (offsets) => (isDown ? Promise.reject(unreachable()) : source.commit(offsets)) };
    const { clock, delivery } = setUp({ source: flaky });
    await source.produce(trialRecords(10, 2));
    const run = delivery.run();
    await clock.advance(5_000);
    expect(delivery.status().dependencies.source).toMatchObject({ isUp: false, code: 'STORE_UNREACHABLE' });
    isDown = false;
    await clock.advance(1_000);
    expect(source.committed().get('memory/0')).toBe(10);
    expect(delivery.status().dependencies.source.isUp).toBe(true);
    await clock.runUntil(delivery.drain());
    await run;
  });
});

describe('bounds', () => {
  it('never has more in flight than allowed, in number', async () => {
    const clock = fakeClock();
    let most = 0;
    const { process } = trialProcess(async () => {
      most = Math.max(most, delivery.status().inFlight);
      await clock.sleep(5);
    });
    const { source, delivery, store } = setUp({ clock, process }, { maxInFlight: 20 });
    await source.produce(trialRecords(400, 50));
    await clock.runUntil(delivery.run());
    expect(store.savedIds().length).toBe(400);
    expect(most).toBe(20);
  });

  it('never has more bytes in flight than allowed, but takes a larger message alone', async () => {
    const clock = fakeClock();
    const large = (index: number) => {
      const { key, value } = trialRecord(`c${index}`, 0);
      return { key, value: new Uint8Array([...value, ...new Uint8Array(index === 7 ? 50_000 : 2_000).fill(32)]) };
    };
    let most = 0;
    const { process } = trialProcess(async () => {
      const { inFlight, inFlightBytes } = delivery.status();
      if (inFlight > 1) most = Math.max(most, inFlightBytes);
      await clock.sleep(5);
    });
    const { source, delivery, store } = setUp({ clock, process }, { maxInFlightBytes: 10_000 });
    await source.produce(Array.from({ length: 30 }, (_, index) => large(index)));
    await clock.runUntil(delivery.run());
    expect(store.savedIds().length).toBe(30);
    expect(most).toBeGreaterThan(5_000);
    expect(most).toBeLessThanOrEqual(10_000);
  });
});

describe('redelivery', () => {
  it('does no harm while the message is in flight, parked, or done', async () => {
    const clock = fakeClock();
    const { process, calls } = trialProcess(() => clock.sleep(20));
    const { source, store, parking, delivery } = setUp({ clock, process, source: memorySource() });
    await source.produce([trialRecord('a', 0, ['transient']), trialRecord('b', 0)]);
    const run = delivery.run();
    await clock.advance(0);
    source.rewind('memory/0', 0);
    await clock.advance(20);
    expect(calls.flat().sort()).toEqual(['a-0', 'b-0']);
    expect(parking.all().length).toBe(1);
    source.rewind('memory/0', 0);
    await clock.advance(10);
    expect(delivery.status()).toMatchObject({ parked: 1, inFlight: 1 });
    await clock.advance(2_000);
    source.rewind('memory/0', 0);
    await clock.advance(2_000);
    expect([...store.savedIds()].sort()).toEqual(['a-0', 'b-0']);
    expect((await store.conversation('a'))?.counts.messages).toBe(1);
    expect(delivery.status()).toMatchObject({ parked: 0, inFlight: 0, partitions: [{ position: 2, committed: 2, underWay: 0 }] });
    await clock.runUntil(delivery.drain());
    await run;
  });
});

describe('drain', () => {
  it('finishes what is in flight, commits, and takes nothing more', async () => {
    const clock = fakeClock();
    const { process } = trialProcess(() => clock.sleep(1_000));
    const { source, store, delivery } = setUp({ clock, process, source: memorySource({ maxBatch: 10 }) }, { maxInFlight: 40 });
    await source.produce(trialRecords(500, 20));
    const run = delivery.run();
    await clock.advance(10);
    const { taken } = delivery.status().totals;
    const drained = delivery.drain();
    expect(delivery.status().state).toBe('draining');
    await clock.runUntil(Promise.all([drained, run, delivery.drain()]));
    expect(taken).toBe(40);
    expect(store.savedIds().length).toBe(40);
    expect(source.committed().get('memory/0')).toBe(40);
    expect(delivery.status()).toMatchObject({ state: 'stopped', totals: { taken: 40, saved: 40 } });
  });

  it('gives up in the stated time what does not finish, and commits only before it', async () => {
    const clock = fakeClock();
    let wasAborted = false;
    const { process } = trialProcess(async (messages, signal) => {
      if (!messages.some(({ id }) => id === 'c3-0')) return;
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject((wasAborted = true))));
    });
    const { source, store, delivery } = setUp({ clock, process, source: memorySource() }, { drainMs: 3_000, maxBatch: 1 });
    await source.produce(trialRecords(10, 10));
    const run = delivery.run();
    await clock.advance(10);
    const startedAt = clock.now();
    await clock.runUntil(Promise.all([delivery.drain(), expect(run).rejects.toMatchObject({ code: 'DELIVERY_DRAIN_INCOMPLETE' })]));
    expect(clock.now() - startedAt).toBe(3_000);
    expect(wasAborted).toBe(true);
    expect(store.savedIds().length).toBe(9);
    expect(source.committed().get('memory/0')).toBe(3);
  });

  it('does not wait for a store that is down', async () => {
    const store = memoryStore({
      beforeSave: () => {
        throw unreachable();
      },
    });
    const { clock, source, delivery } = setUp({ store, source: memorySource() }, { drainMs: 2_000 });
    await source.produce(trialRecords(10, 3));
    const run = delivery.run();
    await clock.advance(1_000);
    const startedAt = clock.now();
    await clock.runUntil(Promise.all([delivery.drain(), expect(run).rejects.toMatchObject({ code: 'DELIVERY_DRAIN_INCOMPLETE' })]));
    expect(clock.now() - startedAt).toBe(2_000);
    expect(source.committed().size).toBe(0);
  });

  it('may come before run()', async () => {
    const { clock, source, store, delivery } = setUp({ source: memorySource() });
    await source.produce(trialRecords(3, 1));
    await clock.runUntil(delivery.drain());
    await delivery.run();
    expect(store.savedIds()).toEqual([]);
  });
});

describe('rebalance', () => {
  const inPartition = (partition: number, count: number) => {
    const keys = Array.from({ length: 200 }, (_, index) => `k${index}`).filter((key) => partitionOf(key, 2) === partition);
    return keys.slice(0, count);
  };

  it('finishes what is in flight, commits it, and drops the rest of a revoked partition', async () => {
    const clock = fakeClock();
    const { process, calls } = trialProcess(() => clock.sleep(100));
    const source = memorySource({ partitions: 2 });
    const { store, delivery } = setUp({ clock, process, source }, { concurrency: 2, maxBatch: 1 });
    await source.produce([...inPartition(0, 6), ...inPartition(1, 6)].map((key) => trialRecord(key, 0)));
    const run = delivery.run();
    await clock.advance(150);
    await clock.runUntil(source.rebalance(['memory/1']));
    const saved = store.savedIds().filter((id) => partitionOf(id.slice(0, -2), 2) === 0);
    expect(saved.length).toBeGreaterThan(0);
    expect(saved.length).toBeLessThan(6);
    expect(source.committed().get('memory/0')).toBe(saved.length);
    await clock.advance(5_000);
    expect(store.savedIds().length).toBe(saved.length + 6);
    expect(calls.length).toBe(saved.length + 6);
    expect(delivery.status()).toMatchObject({ inFlight: 0, partitions: [{ partition: 'memory/1' }] });
    await clock.runUntil(source.rebalance(['memory/0', 'memory/1']));
    await clock.advance(5_000);
    expect(store.savedIds().length).toBe(12);
    await clock.runUntil(delivery.drain());
    await run;
  });

  it('gives a revoked partition up in time, and drops what comes back late', async () => {
    const clock = fakeClock();
    const late = createGate();
    const { process } = trialProcess(() => late.opened);
    const source = memorySource({ partitions: 2 });
    const { store, parking, delivery } = setUp({ clock, process, source }, { revokeMs: 700 });
    const [key = ''] = inPartition(0, 1);
    await source.produce([trialRecord(key, 0), trialRecord(key, 1, ['transient'])]);
    const run = delivery.run();
    await clock.advance(0);
    const startedAt = clock.now();
    await clock.runUntil(source.rebalance(['memory/1']));
    expect(clock.now() - startedAt).toBe(700);
    late.open();
    await clock.advance(10_000);
    expect(store.savedIds()).toEqual([]);
    expect(parking.all()).toEqual([]);
    expect(source.committed().size).toBe(0);
    expect(delivery.status()).toMatchObject({ inFlight: 0, parked: 0 });
    await clock.runUntil(delivery.drain());
    await run;
  });

  it('hands parked messages over to the next owner', async () => {
    const source = memorySource();
    const first = setUp({ source });
    await source.produce([trialRecord('a', 0, ['transient']), trialRecord('a', 1)]);
    const run = first.delivery.run();
    await first.clock.advance(10);
    await first.clock.runUntil(source.rebalance([]));
    expect(first.delivery.status()).toMatchObject({ parked: 0, partitions: [] });
    await first.clock.advance(60_000);
    expect(first.store.savedIds()).toEqual([]);
    const second = setUp({ source: source.reopen({ finite: true }), parking: first.parking });
    await second.finish();
    expect(second.store.savedIds()).toEqual(['a-0', 'a-1']);
    await first.clock.runUntil(first.delivery.drain());
    await run;
  });
});

function createGate(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
