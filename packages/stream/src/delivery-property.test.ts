import { isColloquyError, colloquyError, type SourceListener } from '@colloquy/core';
import { fakeClock, memoryDeadLetters, memoryParking, memorySink, memorySource, memoryStore, type MemorySource } from '@colloquy/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Delivery, DeliveryParts } from './delivery-parts.js';
import { createDelivery } from './delivery.js';
import { trialProcess, trialRecord, trialSettings, type Plan } from './delivery-trial.js';

/** What happens to the fleet of runners between two stretches of time. */
type Event = { readonly type: 'produce' | 'rebalance' | 'rewind' | 'crash' | 'drain'; readonly waitMs: number; readonly pick: number };

const step = fc.constantFrom<Plan[number]>('ok', 'ok', 'transient', 'transient', 'throw', 'throw-transient', 'input', 'bug', 'fault');
const message = fc.record({ conversation: fc.integer({ min: 0, max: 4 }), plan: fc.array(step, { maxLength: 4 }) });
const event: fc.Arbitrary<Event> = fc.record({
  type: fc.constantFrom('produce', 'rebalance', 'rewind', 'crash', 'drain'),
  waitMs: fc.integer({ min: 0, max: 400 }),
  pick: fc.nat(),
});
const scenario = fc.record({
  partitions: fc.integer({ min: 1, max: 3 }),
  messages: fc.array(message, { minLength: 1, maxLength: 50 }),
  events: fc.array(event, { maxLength: 8 }),
  /** Which calls to the ports fail, in turn: before they did anything, after they did it, or not. */
  troubles: fc.array(fc.constantFrom('no', 'no', 'no', 'before', 'after'), { maxLength: 40 }),
  waitsMs: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 20 }),
  maxInFlight: fc.integer({ min: 1, max: 20 }),
  maxBatch: fc.integer({ min: 1, max: 8 }),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

it('loses nothing, keeps every conversation in order, never commits ahead: whatever fails, comes again, moves or dies', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      const world = createWorld(given);
      const { clock, log, store, parking, deadLetters, enriched } = world;
      const half = Math.ceil(given.messages.length / 2);
      await world.produce(0, half);
      world.start(log.partitions);
      for (const one of given.events) {
        await clock.advance(one.waitMs);
        await world.happen(one, half);
      }
      await world.produce(half, given.messages.length);
      await world.happen({ type: 'rebalance', waitMs: 0, pick: 0 }, half);
      for (let round = 0; round < 400 && !world.isSettled(); round++) await clock.advance(1_000);

      const saved = new Set(store.savedIds());
      const dead = new Set(deadLetters.all().map(({ messageId }) => messageId));
      const lost = world.log.log().map((record) => idOf(record.value)).filter((id) => !saved.has(id) && !dead.has(id));
      expect(lost).toEqual([]);
      expect(parking.all()).toEqual([]);
      const published = [...new Set(enriched.all().map(({ headers }) => headers['colloquy-message-id'] as string))];
      expect(published.filter((id) => !saved.has(id))).toEqual([]);
      expect([...saved].filter((id) => !published.includes(id) && !dead.has(id))).toEqual([]);
      for (const conversation of [0, 1, 2, 3, 4]) {
        const ids = store.savedIds().filter((id) => id.startsWith(`c${conversation}-`));
        // A dead letter has given up its place; coming again it may be stored late.
        const numbersOf = (order: readonly string[]) => order.filter((id) => ids.includes(id) && !dead.has(id)).map((id) => Number(id.split('-')[1]));
        const inOrder = numbersOf(ids).sort((a, b) => a - b);
        expect(numbersOf(ids)).toEqual(inOrder);
        expect(numbersOf(published)).toEqual(inOrder);
        expect((await store.conversation(`c${conversation}`))?.counts.messages ?? 0).toBe(ids.length);
      }
      expect(world.problems).toEqual([]);
      await world.end();
    }),
    { numRuns: 150 },
  );
});

interface Runner {
  readonly source: MemorySource;
  readonly delivery: Delivery;
  readonly ended: Promise<void>;
  readonly life: { isOver: boolean };
  owned: readonly string[];
}

/** One log, store, parking and dead letters, and the runners that come and go on them. */
function createWorld(given: Scenario) {
  const clock = fakeClock();
  const log = memorySource({ partitions: given.partitions, maxBatch: 7 });
  const troubles = [...given.troubles];
  const waits = turns(given.waitsMs);
  let trouble = 'no';
  const before = () => {
    trouble = troubles.shift() ?? 'no';
    if (trouble === 'before') throw colloquyError('STORE_UNREACHABLE', { store: 'memory' });
  };
  const after = () => {
    if (trouble === 'after') throw ((trouble = 'no'), colloquyError('STORE_UNREACHABLE', { store: 'memory' }));
  };
  const store = memoryStore({ beforeSave: before, afterSave: after });
  const parking = memoryParking({ beforeWrite: before, beforeLoad: before });
  const deadLetters = memoryDeadLetters({ beforePut: before });
  const enriched = memorySink({ beforeAppend: before });
  const problems: string[] = [];
  const runners: Runner[] = [];
  const { process } = trialProcess(() => clock.sleep(waits()));

  /** Everything before a committed offset is stored, parked or dead-lettered at this moment. */
  const refuseAhead = (offsets: ReadonlyMap<string, number>) => {
    const saved = new Set(store.savedIds());
    const dead = new Set(deadLetters.all().map(({ record }) => `${record.partition}/${record.offset}`));
    const parked = new Set(parking.all().map(({ record }) => `${record.partition}@${record.offset}`));
    for (const { partition, offset, value } of log.log()) {
      if (offset >= (offsets.get(partition) ?? 0) || saved.has(idOf(value)) || dead.has(`${partition}/${offset}`) || parked.has(`${partition}@${offset}`)) continue;
      problems.push(`committed ${offsets.get(partition)} of ${partition} ahead of ${offset}`);
    }
  };

  const start = (owned: readonly string[]): void => {
    const source = log.reopen({ owned });
    const life = { isOver: false };
    const ports = { source, store, parking, deadLetters };
    const parts: DeliveryParts = {
      ...trialSettings(),
      clock,
      process,
      source: mortal(life, { ...ports.source, commit: async (offsets) => (refuseAhead(offsets), source.commit(offsets)), run: (listener) => source.run(mortal<SourceListener>(life, listener)) }),
      store: mortal(life, store),
      parking: mortal(life, parking),
      deadLetters: mortal(life, deadLetters),
      enriched: mortal(life, enriched),
    };
    const delivery = createDelivery(parts, {
      maxInFlight: given.maxInFlight,
      maxBatch: given.maxBatch,
      concurrency: 3,
      commitIntervalMs: 50,
      drainMs: 300,
      revokeMs: 150,
      retry: { initialMs: 40, maxMs: 200, maxAttempts: 3, budgetMs: 100_000 },
    });
    const ended = delivery.run().catch((error: unknown) => {
      // A drain that was not done in time is one of the troubles: what it leaves must come again.
      if (!(isColloquyError(error) && error.code === 'DELIVERY_DRAIN_INCOMPLETE')) problems.push(`run failed: ${String(error)}`);
    });
    runners.push({ source, delivery, ended, life, owned });
  };

  const living = () => runners.filter(({ life }) => !life.isOver);
  const rebalance = async (share: readonly (readonly string[])[]): Promise<void> => {
    // As a broker does it: everything is given back first, then shared out.
    const present = living();
    await clock.runUntil(Promise.all(present.map(({ source, owned }, index) => source.rebalance(owned.filter((partition) => share[index]?.includes(partition))))));
    for (const [index, runner] of present.entries()) {
      runner.owned = share[index] ?? [];
      void runner.source.rebalance(runner.owned);
    }
    await clock.advance(0);
  };
  const shareOut = (pick: number) => {
    const count = living().length;
    return living().map((_, index) => log.partitions.filter((_, number) => (number + pick) % count === index));
  };

  const happen = async ({ type, pick }: Event, half: number): Promise<void> => {
    const runner = living()[pick % Math.max(1, living().length)];
    if (type === 'produce' && living().length < 3) start([]);
    else if (type === 'rewind' && runner !== undefined) for (const partition of runner.owned) runner.source.rewind(partition, pick % (half + 1));
    else if (type === 'crash' && runner !== undefined) {
      runner.life.isOver = true;
      await runner.source.close();
      start([]);
    } else if (type === 'drain' && runner !== undefined) {
      await clock.runUntil(runner.delivery.drain());
      runner.life.isOver = true;
      await runner.source.close();
      start([]);
    }
    if (type !== 'rewind') await rebalance(shareOut(pick));
  };

  return {
    clock,
    log,
    store,
    parking,
    deadLetters,
    enriched,
    problems,
    start,
    happen,
    produce: async (from: number, to: number) => {
      const counts = new Map<number, number>();
      const records = given.messages.map(({ conversation, plan }) => {
        const number = counts.get(conversation) ?? 0;
        counts.set(conversation, number + 1);
        return trialRecord(`c${conversation}`, number, plan);
      });
      await log.produce(records.slice(from, to));
    },
    isSettled: () => {
      const ends = new Map(log.log().map(({ partition, offset }) => [partition, offset + 1]));
      return parking.all().length === 0 && [...ends].every(([partition, end]) => log.committed().get(partition) === end);
    },
    end: async () => {
      await clock.runUntil(Promise.all(living().map(({ delivery }) => delivery.drain())));
      await Promise.all(living().map(({ ended }) => ended));
    },
  };
}

/** The object as a process holds it: once that is dead, no call does anything or ever comes back. */
function mortal<T extends object>(life: { readonly isOver: boolean }, target: T): T {
  return new Proxy(target, {
    get: (object, name) => {
      const value = Reflect.get(object, name) as unknown;
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        if (life.isOver) return new Promise(() => undefined);
        const answer = (value as (...given: unknown[]) => unknown).apply(object, args);
        if (!(answer instanceof Promise)) return answer;
        return answer.then(
          (result: unknown) => (life.isOver ? new Promise(() => undefined) : result),
          (error: unknown) => (life.isOver ? new Promise(() => undefined) : Promise.reject(error as Error)),
        );
      };
    },
  });
}

function turns<T>(values: readonly T[]): () => T {
  let index = 0;
  return () => values[index++ % values.length] as T;
}

function idOf(value: Uint8Array | undefined): string {
  return (JSON.parse(new TextDecoder().decode(value)) as { id: string }).id;
}
