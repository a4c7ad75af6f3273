import { colloquyError, type Telemetry } from '@colloquy/core';
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

const idsOf = (saved: readonly string[], conversation: string) => saved.filter((id) => id.startsWith(`${conversation}-`));
const range = (conversation: string, count: number) => Array.from({ length: count }, (_, index) => `${conversation}-${index}`);

describe('createDelivery', () => {
  it('stores everything, in order per conversation, and commits all of it', async () => {
    const source = memorySource({ finite: true, partitions: 3 });
    const { store, finish, delivery } = setUp({ source });
    await source.produce(trialRecords(500, 7));
    await finish();
    for (let key = 0; key < 7; key++) expect(idsOf(store.savedIds(), `c${key}`)).toEqual(range(`c${key}`, key < 3 ? 72 : 71));
    const sizes = source.partitions.map((partition) => [partition, source.log().filter((record) => record.partition === partition).length]);
    expect([...source.committed()]).toEqual(sizes.filter(([, size]) => size !== 0));
    expect(delivery.status()).toMatchObject({ state: 'stopped', inFlight: 0, inFlightBytes: 0, parked: 0, totals: { taken: 500, saved: 500, parked: 0, deadLettered: 0 } });
  });

  it('tells where each stored message came from', async () => {
    const { source, store, clock, finish } = setUp();
    await source.produce([trialRecord('c', 0)]);
    await finish();
    const at = new Date(clock.now()).toISOString();
    expect(await store.message('c-0')).toMatchObject({ text: 'c 0', pipeline: ['trial@1'], position: { source: 'memory', partition: 'memory/0', offset: 0 }, enrichedAt: expect.any(String) });
    expect(((await store.message('c-0'))?.enrichedAt ?? '') <= at).toBe(true);
  });

  it('works on different conversations at once, on one conversation never', async () => {
    const clock = fakeClock();
    const open = new Map<string, number>();
    let most = 0;
    const { process, calls } = trialProcess(async (messages) => {
      for (const { conversationId } of messages) open.set(conversationId, (open.get(conversationId) ?? 0) + 1);
      most = Math.max(most, new Set(open.keys()).size);
      const distinct = new Set(messages.map(({ conversationId }) => conversationId));
      for (const conversation of distinct) expect(open.get(conversation)).toBe(messages.filter(({ conversationId }) => conversationId === conversation).length);
      await clock.sleep(10);
      for (const conversation of distinct) open.delete(conversation);
    });
    const { source, store, delivery } = setUp({ clock, process });
    await source.produce(trialRecords(200, 10));
    await clock.runUntil(delivery.run());
    expect(store.savedIds().length).toBe(200);
    expect(most).toBe(10);
    expect(calls.length).toBeLessThan(40);
  });

  it('dead-letters what cannot be decoded, and goes on', async () => {
    const { source, store, deadLetters, finish } = setUp();
    await source.produce([trialRecord('c', 0), { key: 'c', value: new TextEncoder().encode('{"text": "secret') }, trialRecord('c', 1)]);
    await finish();
    expect(store.savedIds()).toEqual(['c-0', 'c-1']);
    const [letter] = deadLetters.all();
    expect(letter).toMatchObject({ id: expect.stringMatching(/^memory\/memory\/0\/1\/[0-9a-f]{8}$/), source: 'memory', code: 'MESSAGE_NOT_JSON', kind: 'input', attempts: 1, pipeline: ['trial@1'], codeVersion: '0.0.0' });
    expect(letter).not.toHaveProperty('stage');
    expect(letter?.causes.map(({ name }) => name)).toEqual(['ColloquyError', 'SyntaxError']);
    expect(JSON.stringify(letter?.causes)).not.toContain('secret');
    expect(new TextDecoder().decode(letter?.record.value)).toBe('{"text": "secret');
    expect(source.committed().get('memory/0')).toBe(3);
  });

  it.each([
    ['input', 'MESSAGE_EMPTY', 'input'],
    ['bug', 'STAGE_FAILED', 'bug'],
    ['config', 'STAGE_PEER_MISSING', 'bug'],
  ] as const)('dead-letters a failure of kind %s, and goes on', async (kind, code, told) => {
    const { source, store, deadLetters, finish } = setUp();
    await source.produce([trialRecord('c', 0), trialRecord('c', 1, [kind]), trialRecord('c', 2)]);
    await finish();
    expect(store.savedIds()).toEqual(['c-0', 'c-2']);
    expect(deadLetters.all()).toMatchObject([{ stage: 'trial@1', code, kind: told, messageId: 'c-1', conversationId: 'c', attempts: 1, fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) }]);
    expect(JSON.stringify(deadLetters.all()[0]?.causes)).not.toContain('c 1');
  });

  it('stores a message with its fault', async () => {
    const { source, store, deadLetters, finish } = setUp();
    await source.produce([trialRecord('c', 0, ['fault'])]);
    await finish();
    expect((await store.message('c-0'))?.faults).toEqual([{ stage: 'trial@1', code: 'STAGE_DEADLINE', kind: 'fault' }]);
    expect(deadLetters.all()).toEqual([]);
  });

  it('finds the guilty message where process() fails as a whole', async () => {
    const { source, store, deadLetters, finish } = setUp();
    await source.produce([trialRecord('a', 0), trialRecord('b', 0, ['throw']), trialRecord('a', 1), trialRecord('c', 0, ['throw-transient']), trialRecord('b', 1)]);
    await finish();
    expect([...store.savedIds()].sort()).toEqual(['a-0', 'a-1', 'b-1', 'c-0']);
    expect(deadLetters.all()).toMatchObject([{ messageId: 'b-0', code: 'INTERNAL', kind: 'bug', causes: [{ name: 'TypeError' }] }]);
  });

  it('takes a wrong number of results for a bug', async () => {
    const { source, deadLetters, finish } = setUp({ process: async () => [] });
    await source.produce([trialRecord('a', 0)]);
    await finish();
    expect(deadLetters.all()).toMatchObject([{ messageId: 'a-0', code: 'INTERNAL', kind: 'bug' }]);
  });

  it('publishes what is stored, in order, with its id', async () => {
    const enriched = memorySink();
    const { source, store, finish } = setUp({ enriched });
    await source.produce(trialRecords(20, 2));
    await finish();
    expect(enriched.all().map(({ headers }) => headers['colloquy-message-id'])).toEqual(store.savedIds());
    expect(enriched.all()[0]?.key).toBe('c0');
    expect(JSON.parse(new TextDecoder().decode(enriched.all()[0]?.value))).toMatchObject({ id: 'c0-0', text: 'c0 0', position: { offset: 0 } });
  });

  it('dead-letters what the enriched topic refuses, and publishes the rest', async () => {
    const enriched = memorySink({
      beforeAppend: (records) => {
        if (records.some(({ headers }) => headers['colloquy-message-id'] === 'c0-3')) throw new Error('too large');
      },
    });
    const { source, deadLetters, finish } = setUp({ enriched });
    await source.produce(trialRecords(20, 2));
    await finish();
    expect(enriched.all().length).toBe(19);
    expect(deadLetters.all()).toMatchObject([{ messageId: 'c0-3', stage: 'enriched', kind: 'bug' }]);
  });

  it('dead-letters the one message the store refuses', async () => {
    const store = memoryStore({
      beforeSave: (messages) => {
        const refused = messages.find(({ id }) => id === 'c1-4');
        if (refused !== undefined) throw colloquyError('STORE_REFUSED', { id: refused.id, problem: 'too deep' });
      },
    });
    const { source, deadLetters, finish } = setUp({ store });
    await source.produce(trialRecords(40, 4));
    await finish();
    expect(store.savedIds().length).toBe(39);
    expect(idsOf(store.savedIds(), 'c1')).toEqual(range('c1', 10).filter((id) => id !== 'c1-4'));
    expect(deadLetters.all()).toMatchObject([{ messageId: 'c1-4', stage: 'store', code: 'STORE_REFUSED', kind: 'input' }]);
    expect(source.committed().get('memory/0')).toBe(40);
  });

  it('counts and measures under the documented names', async () => {
    const counted = new Map<string, number>();
    const seen = new Set<string>();
    const telemetry: Telemetry = {
      count: (name, labels = {}, by = 1) => counted.set(`${name} ${labels['outcome']}`, (counted.get(`${name} ${labels['outcome']}`) ?? 0) + by),
      gauge: (name, value, labels = {}) => seen.add(`${name} ${labels['dependency'] ?? ''}${name.endsWith('_up') ? ` ${value}` : ''}`),
      timing: (name) => seen.add(name),
    };
    let isDown = true;
    const store = memoryStore({
      beforeSave: () => {
        if (isDown) throw ((isDown = false), unreachable());
      },
    });
    const { source, finish } = setUp({ telemetry, store });
    await source.produce([trialRecord('a', 0), trialRecord('a', 1, ['transient']), trialRecord('a', 2), trialRecord('b', 0, ['input'])]);
    await finish();
    expect(Object.fromEntries(counted)).toEqual({ 'colloquy_messages_total saved': 3, 'colloquy_messages_total parked': 2, 'colloquy_messages_total dead_lettered': 1 });
    expect([...seen]).toEqual(expect.arrayContaining(['colloquy_in_flight ', 'colloquy_parked ', 'colloquy_message_duration', 'colloquy_store_duration', 'colloquy_dependency_up store 0', 'colloquy_dependency_up store 1', 'colloquy_dependency_up enriched 1']));
  });

  it('tells who listens what was stored, and survives a listener that throws', async () => {
    const told: string[] = [];
    const { source, store, finish } = setUp({
      onSaved: (messages) => {
        told.push(...messages.map(({ id }) => id));
        throw new Error('the page is gone');
      },
    });
    await source.produce(trialRecords(10, 2));
    await finish();
    expect(told).toEqual(store.savedIds());
  });

  it('refuses options that make no sense', () => {
    const { source, store, parking, deadLetters, clock } = setUp();
    const parts = { ...trialSettings(), clock, source, store, parking, deadLetters };
    for (const settings of [{ maxInFlight: 0 }, { maxBatch: 65 }, { drainMs: Number.NaN }, { retry: { maxAttempts: -1 } }]) {
      expect(() => createDelivery(parts, settings)).toThrowError(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    }
  });

  it('fails with the source, after settling what came', async () => {
    const source = memorySource();
    await source.produce(trialRecords(10, 2));
    const broken: MemorySource = {
      ...source,
      run: async (listener) => {
        await listener.assigned(['memory/0']);
        await listener.records(source.log());
        throw new Error('no such topic');
      },
    };
    const { store, finish, delivery } = setUp({ source: broken });
    await expect(finish()).rejects.toThrow('no such topic');
    expect(store.savedIds().length).toBe(10);
    expect(delivery.status().state).toBe('stopped');
  });
});

describe('parking', () => {
  it('parks only the conversation that failed, retries in order, and leaves nothing behind', async () => {
    const { clock, source, store, parking, delivery } = setUp();
    await source.produce([trialRecord('a', 0), trialRecord('a', 1, ['transient', 'transient']), trialRecord('a', 2), trialRecord('b', 0), trialRecord('a', 3), trialRecord('b', 1)]);
    const run = delivery.run();
    await clock.advance(0);
    expect(store.savedIds()).toEqual(['a-0', 'b-0', 'b-1']);
    expect(parking.all().map(({ key, record, attempts, stage, code }) => [key, record.offset, attempts, stage, code])).toEqual([
      ['a', 1, 1, 'trial@1', 'STORE_UNREACHABLE'],
      ['a', 2, 0, undefined, undefined],
      ['a', 4, 0, undefined, undefined],
    ]);
    expect(parking.all()[0]?.nextAttemptAt).toBe(new Date(clock.now() + 50).toISOString());
    expect(delivery.status()).toMatchObject({ inFlight: 0, parked: 3 });
    await clock.advance(49);
    expect(store.savedIds().length).toBe(3);
    await clock.advance(1);
    expect(parking.all().map(({ attempts }) => attempts)).toEqual([2, 0, 0]);
    await clock.advance(100);
    expect(idsOf(store.savedIds(), 'a')).toEqual(range('a', 4));
    await clock.runUntil(run);
    expect(parking.all()).toEqual([]);
    expect(source.committed().get('memory/0')).toBe(6);
  });

  it('commits past parked messages', async () => {
    const { clock, source, delivery } = setUp({ source: memorySource() });
    await source.produce([trialRecord('a', 0, ['transient']), trialRecord('a', 1), trialRecord('b', 0)]);
    const run = delivery.run();
    await clock.advance(40);
    expect(source.committed().get('memory/0')).toBeUndefined();
    await clock.advance(1_000);
    expect(source.committed().get('memory/0')).toBe(3);
    await clock.runUntil(delivery.drain());
    await run;
  });

  it('parks what arrives while its conversation waits', async () => {
    const { clock, source, store, parking, delivery } = setUp({ source: memorySource() });
    await source.produce([trialRecord('a', 0, ['transient', 'transient', 'transient'])]);
    const run = delivery.run();
    await clock.advance(0);
    await source.produce([trialRecord('a', 1), trialRecord('b', 0)]);
    await clock.advance(0);
    expect(parking.all().map(({ record, attempts }) => [record.offset, attempts])).toEqual([[0, 1], [1, 0]]);
    expect(store.savedIds()).toEqual(['b-0']);
    await clock.advance(5_000);
    expect(idsOf(store.savedIds(), 'a')).toEqual(['a-0', 'a-1']);
    await clock.runUntil(delivery.drain());
    await run;
  });

  it('dead-letters when the tries are spent, and lets the next one go on', async () => {
    const { source, store, deadLetters, finish } = setUp();
    await source.produce([trialRecord('a', 0, Array<'transient'>(9).fill('transient')), trialRecord('a', 1), trialRecord('a', 2)]);
    await finish();
    expect(store.savedIds()).toEqual(['a-1', 'a-2']);
    expect(deadLetters.all()).toMatchObject([{ messageId: 'a-0', attempts: 5, stage: 'trial@1', code: 'DELIVERY_BUDGET_SPENT', kind: 'input' }]);
    expect(deadLetters.all()[0]?.causes.map(({ name, code }) => code ?? name)).toEqual(['DELIVERY_BUDGET_SPENT', 'STORE_UNREACHABLE', 'TypeError']);
  });

  it('dead-letters when the time is spent; waiting behind another does not count', async () => {
    const { source, store, deadLetters, finish } = setUp({}, { retry: { initialMs: 1_000, maxMs: 1_000, maxAttempts: 100, budgetMs: 3_000 } });
    const always = Array<'transient'>(99).fill('transient');
    await source.produce([trialRecord('a', 0, always), trialRecord('a', 1, ['transient', 'transient', 'transient'])]);
    await finish();
    expect(deadLetters.all()).toMatchObject([{ messageId: 'a-0', code: 'DELIVERY_BUDGET_SPENT', attempts: 7 }]);
    expect(store.savedIds()).toEqual(['a-1']);
  });

  it('goes on after a restart, before the first new record', async () => {
    const first = setUp({ source: memorySource() });
    await first.source.produce([trialRecord('a', 0, ['transient']), trialRecord('a', 1)]);
    const run = first.delivery.run();
    await first.clock.advance(10);
    await first.clock.runUntil(first.delivery.drain());
    await run;
    expect(first.parking.all().length).toBe(2);
    expect(first.source.committed().get('memory/0')).toBe(2);
    await first.source.produce([trialRecord('a', 2)]);
    const second = setUp({ source: first.source.reopen({ finite: true }), parking: first.parking });
    await second.finish();
    expect(second.store.savedIds()).toEqual(['a-0', 'a-1', 'a-2']);
    expect(first.parking.all()).toEqual([]);
  });

  it('dead-letters what Parking refuses', async () => {
    const parking = memoryParking({
      beforeWrite: (call, records) => {
        if (call === 'park' && records.some(({ offset }) => offset === 0)) throw new Error('too large');
      },
    });
    const { source, store, deadLetters, finish } = setUp({ parking });
    await source.produce([trialRecord('a', 0, ['transient']), trialRecord('a', 1), trialRecord('b', 0)]);
    await finish();
    expect(store.savedIds()).toEqual(['b-0', 'a-1']);
    expect(deadLetters.all()).toMatchObject([{ messageId: 'a-0', stage: 'parking', kind: 'bug' }]);
  });

  it('takes nothing more while too much is parked', async () => {
    const { clock, source, delivery, store } = setUp({ source: memorySource({ maxBatch: 5 }) }, { maxParked: 10, maxInFlight: 5 });
    await source.produce(Array.from({ length: 100 }, (_, index) => trialRecord(`c${index}`, 0, Array<'transient'>(4).fill('transient'))));
    const run = delivery.run();
    await clock.advance(40);
    const { parked, isHeldBack, totals } = delivery.status();
    expect(isHeldBack).toBe(true);
    expect(parked).toBe(totals.taken);
    expect(parked).toBeGreaterThanOrEqual(10);
    expect(parked).toBeLessThan(15);
    await clock.advance(60_000);
    expect(store.savedIds().length).toBe(100);
    await clock.runUntil(delivery.drain());
    await run;
  });
});
