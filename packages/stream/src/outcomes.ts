import { colloquyError, isColloquyError, type SinkRecord, type StoredMessage } from '@colloquy/core';
import { batchWriter } from './batch-writer.js';
import { cutLetter, deadLetterOf, kindOf, type Failure } from './dead-letter.js';
import type { Engine } from './engine.js';
import { parkedRecordOf, type Item } from './item.js';
import { writeIsolating } from './write-isolating.js';

export interface Enriched {
  readonly item: Item;
  readonly message: StoredMessage;
}

/** The durable ends of a message, each written in batches across conversations. They end an item's time in the ledger. */
export interface Outcomes {
  /** Messages of one conversation. Resolves when they are stored and published, or refused and dead-lettered. */
  save(messages: readonly Enriched[]): Promise<void>;
  /** Resolves when the dead letter is durable. Only then may a later message of the conversation be stored. */
  bury(item: Item, failure: Failure): Promise<void>;
  /** Parks them, in this order; they must not start until it is done. */
  park(items: readonly Item[]): void;
}

type Settle = (items: readonly Item[], outcome: 'saved' | 'dead_lettered') => void;

export function outcomes(engine: Engine): Outcomes {
  const settle = settling(engine);
  const bury = burial(engine, settle);
  return { save: saving(engine, { bury, settle }), bury, park: parkingLot(engine, bury) };
}

/** Items that were parked leave Parking first. */
function settling(engine: Engine): Settle {
  const { parts, ledger, dependencies, clock, signal } = reach(engine);
  const done = (items: readonly Item[], outcome: 'saved' | 'dead_lettered') => {
    for (const item of items) {
      if (!isLive(engine, item)) continue;
      ledger.settle(item, outcome);
      if (outcome === 'saved') parts.telemetry.timing('colloquy_message_duration', clock.now() - item.takenAtMs);
    }
    engine.changed();
  };
  const removals = batchWriter<{ readonly item: Item; readonly outcome: 'saved' | 'dead_lettered' }>({
    maxWeight: engine.options.maxWriteBatch,
    weightOf: () => 1,
    write: async (batch) => {
      const positions = batch.map(({ item }) => ({ partition: item.record.partition, offset: item.record.offset }));
      await dependencies.call('parking', () => parts.parking.remove(positions), { signal, retries: 'all' });
      for (const { item, outcome } of batch) done([item], outcome);
    },
  });
  return (items, outcome) => {
    for (const item of items) if (item.held === 'parked') removals.push({ item, outcome }).catch((error: unknown) => giveUp(engine, [item], error));
    done(items.filter(({ held }) => held !== 'parked'), outcome);
  };
}

function burial(engine: Engine, settle: Settle): Outcomes['bury'] {
  const { parts, ledger, dependencies, signal } = reach(engine);
  const writer = batchWriter<{ readonly item: Item; readonly letter: ReturnType<typeof deadLetterOf> }>({
    maxWeight: engine.options.maxWriteBatch,
    weightOf: () => 1,
    write: async (batch) => {
      const live = batch.filter(({ item }) => isLive(engine, item));
      const put = (entries: readonly (typeof live)[number][], retries: 'all' | 'unless-input') =>
        dependencies.call('dead-letters', () => parts.deadLetters.put(entries.filter(({ item }) => isOwned(item)).map(({ letter }) => letter)), { signal, retries });
      await writeIsolating(live, {
        signal,
        write: (entries) => put(entries, 'unless-input'),
        onRefused: async ({ item, letter }, error) => {
          const { partition, offset } = item.record;
          parts.log.error('dead_letter.cut', { partition, offset, code: isColloquyError(error) ? error.code : 'INTERNAL', size: item.record.value?.length ?? 0 });
          await put([{ item, letter: cutLetter(letter) }], 'all');
        },
      });
      settle(live.map(({ item }) => item), 'dead_lettered');
    },
  });
  return (item, failure) => {
    ledger.begin(item);
    const letter = deadLetterOf(item, failure, parts);
    parts.log.warn('message.dead_lettered', { partition: item.record.partition, offset: item.record.offset, stage: letter.stage, code: letter.code, kind: letter.kind, fingerprint: letter.fingerprint });
    return writer.push({ item, letter }).catch((error: unknown) => giveUp(engine, [item], error));
  };
}

interface Ends {
  readonly bury: Outcomes['bury'];
  readonly settle: Settle;
}

function saving(engine: Engine, { bury, settle }: Ends): Outcomes['save'] {
  const { parts, dependencies, clock, signal } = reach(engine);
  const publish = parts.enriched === undefined ? undefined : publishing(engine, { bury, settle });
  const save = async (batch: readonly Enriched[]) => {
    const startedAtMs = clock.now();
    await parts.store.save(batch.map(({ message }) => message));
    parts.telemetry.timing('colloquy_store_duration', clock.now() - startedAtMs);
  };
  const writer = batchWriter<Group>({
    maxWeight: engine.options.maxWriteBatch,
    weightOf: ({ messages }) => messages.length,
    write: async (groups) => {
      const live = groups.flatMap(({ messages }) => messages).filter(({ item }) => isLive(engine, item));
      const saved = await writeIsolating(live, {
        signal,
        write: (batch) => dependencies.call('store', () => save(batch.filter(({ item }) => isOwned(item))), { signal }),
        onRefused: ({ item }, error) => bury(item, { stage: 'store', kind: kindOf(error), error }),
      });
      const own = new Set(saved.filter(({ item }) => isLive(engine, item)));
      tellSaved(engine, [...own]);
      if (publish === undefined) settle([...own].map(({ item }) => item), 'saved');
      for (const group of groups) group.saved = group.messages.filter((message) => own.has(message));
    },
  });
  return async (messages) => {
    const group: Group = { messages, saved: [] };
    await writer.push(group);
    if (publish !== undefined && group.saved.length > 0) await publish(group.saved);
  };
}

/** Messages of one conversation. */
interface Group {
  readonly messages: readonly Enriched[];
  /** Those of them that were stored and are still ours. */
  saved: readonly Enriched[];
}

/** Publishes stored messages in their order; a message the topic refuses is dead-lettered although it is stored. */
function publishing(engine: Engine, { bury, settle }: Ends): (saved: readonly Enriched[]) => Promise<void> {
  const { parts, dependencies, signal } = reach(engine);
  const { enriched, encodeEnriched = encodeJson } = parts;
  const recordOf = (message: StoredMessage): SinkRecord => ({ key: message.conversationId, value: encodeEnriched(message), headers: { 'colloquy-message-id': message.id } });
  const writer = batchWriter<readonly Enriched[]>({
    maxWeight: engine.options.maxWriteBatch,
    weightOf: (group) => group.length,
    write: async (groups) => {
      const published = await writeIsolating(groups.flat(), {
        signal,
        write: async (batch) => {
          const records = batch.map(({ message }) => recordOf(message));
          await dependencies.call('enriched', async () => enriched?.append(records), { signal });
        },
        onRefused: ({ item }, error) => bury(item, { stage: 'enriched', kind: kindOf(error), error }),
      });
      settle(published.map(({ item }) => item), 'saved');
    },
  });
  return (saved) => writer.push(saved);
}

/** A record Parking refuses is dead-lettered, so that its conversation goes on; so is one whose place in Parking another record has. */
function parkingLot(engine: Engine, bury: Ends['bury']): Outcomes['park'] {
  const { parts, ledger, scheduler, dependencies, clock, signal } = reach(engine);
  const recordOf = (item: Item) => parkedRecordOf(item, item.dueAtMs || scheduler.queuedOf(item.key)[0]?.dueAtMs || clock.now());
  const refuse = async (item: Item, error: unknown) => {
    await bury(item, { stage: 'parking', kind: kindOf(error), error });
    scheduler.remove((other) => other === item);
  };
  const settleWrite = (item: Item) => {
    item.writing = false;
    if (isLive(engine, item)) ledger.becomeParked(item);
  };
  const writer = batchWriter<Item>({
    maxWeight: engine.options.maxWriteBatch,
    weightOf: () => 1,
    write: async (items) => {
      const live = items.filter((item) => isLive(engine, item));
      const misplaced = live.filter(isPlaceTaken);
      await Promise.all(misplaced.map((item) => refuse(item, colloquyError('DELIVERY_PLACE_TAKEN', { partition: item.record.partition, offset: item.record.offset }))));
      const parked = await writeIsolating(live.filter((item) => !misplaced.includes(item)), {
        signal,
        write: (batch) => dependencies.call('parking', () => parts.parking.park(batch.filter(isOwned).map(recordOf)), { signal }),
        onRefused: refuse,
      });
      for (const item of parked) settleWrite(item);
      for (const key of new Set(items.map((item) => item.key))) scheduler.touch(key);
      engine.changed();
    },
  });
  return (items) => {
    for (const item of items) {
      item.writing = true;
      ledger.begin(item);
      writer.push(item).catch((error: unknown) => giveUp(engine, [item], error));
    }
  };
}

function isPlaceTaken(item: Item): boolean {
  return (item.assignment.parked.get(item.record.offset) ?? item) !== item;
}

/** Asked before every try of a write: what went to another owner in between is not written behind its back. */
function isOwned(item: Item): boolean {
  return item.assignment.state !== 'over';
}

/** False, and the item is forgotten, once its partition has gone to another owner. */
function isLive(engine: Engine, item: Item): boolean {
  if (isOwned(item)) return true;
  engine.ledger.forget(item);
  return false;
}

/** At the end of the engine writes are given up; any other failure here was not foreseen. */
function giveUp(engine: Engine, items: readonly Item[], error: unknown): void {
  for (const item of items) engine.ledger.forget(item);
  engine.fail(error);
}

function tellSaved({ parts }: Engine, stored: readonly Enriched[]): void {
  if (parts.onSaved === undefined || stored.length === 0) return;
  try {
    parts.onSaved(stored.map(({ message }) => message));
  } catch (error) {
    parts.log.error('delivery.listener_failed', { name: error instanceof Error ? error.name : typeof error });
  }
}

function reach(engine: Engine) {
  return { ...engine, clock: engine.parts.clock, signal: engine.lifetime.signal };
}

const encoder = new TextEncoder();

function encodeJson(message: StoredMessage): Uint8Array {
  return encoder.encode(JSON.stringify(message));
}
