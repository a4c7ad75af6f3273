import { colloquyError, systemClock, type Clock, type DeadLetters, type Parking, type Sink, type Source, type Store } from '@colloquy/core';
import { openDatabase, type Database } from './database.js';
import { embeddedDeadLetters } from './embedded-dead-letters.js';
import { embeddedParking } from './embedded-parking.js';
import { embeddedStore } from './embedded-store.js';
import { libsqlDriver } from './libsql-driver.js';
import { logSink } from './log-sink.js';
import { logSource } from './log-source.js';
import { recordLog } from './record-log.js';

export interface EmbeddedOptions {
  /** Made where it does not exist. One process at a time may have it open. */
  readonly dir: string;
  /** How many partitions the logs have; fixed when the folder is made. Default: what the folder has, else 8. */
  readonly partitions?: number;
  readonly clock?: Clock;
}

export interface EmbeddedSourceOptions {
  /** Whose commits count. Default: `colloquy`. */
  readonly group?: string;
  /** Default: `inbound`. */
  readonly log?: 'inbound' | 'enriched';
}

/** Durable logs, store, parking and dead letters in one folder. Closing a part leaves the folder open; close() closes it. */
export interface Embedded {
  readonly inbound: Sink;
  readonly enriched: Sink;
  source(options?: EmbeddedSourceOptions): Source;
  readonly store: Store;
  readonly parking: Parking;
  readonly deadLetters: DeadLetters;
  close(): Promise<void>;
}

/**
 * Throws CONFIG_ADAPTER_MISSING without the package libsql, STORE_IN_USE while another process has the folder open,
 * STORE_SCHEMA_MISMATCH, STORE_CORRUPT, STORE_UNREACHABLE, and CONFIG_INVALID for another number of partitions than the folder has.
 */
export async function openEmbedded({ dir, partitions: wanted, clock = systemClock }: EmbeddedOptions): Promise<Embedded> {
  const database = openDatabase(await libsqlDriver(), dir);
  try {
    const partitions = await settlePartitions(database, wanted);
    const logs = {
      inbound: recordLog({ database, name: 'inbound', partitions, clock }),
      enriched: recordLog({ database, name: 'enriched', partitions, clock }),
    };
    const sources: Source[] = [];
    return {
      inbound: logSink(database, logs.inbound),
      enriched: logSink(database, logs.enriched),
      source: ({ group = 'colloquy', log = 'inbound' } = {}) => {
        const source = logSource({ database, log: logs[log], clock, group });
        sources.push(source);
        return source;
      },
      store: embeddedStore(database),
      parking: embeddedParking(database),
      deadLetters: embeddedDeadLetters(database),
      close: async () => {
        await Promise.all(sources.map((source) => source.close()));
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

const usualPartitions = 8;
const maxPartitions = 1024;

/** The number never changes: a conversation would move to another partition and lose its order. */
async function settlePartitions(database: Database, wanted: number | undefined): Promise<number> {
  if (wanted !== undefined && !(Number.isInteger(wanted) && wanted >= 1 && wanted <= maxPartitions)) {
    throw colloquyError('CONFIG_INVALID', { path: 'partitions', problem: `found ${wanted}; expected a whole number from 1 to ${maxPartitions}` });
  }
  const stored = database.read(() => database.sql('SELECT value FROM settings WHERE name = ?').get<{ value: number }>('partitions')?.value);
  if (stored === undefined) {
    const partitions = wanted ?? usualPartitions;
    await database.write(() => database.sql('INSERT INTO settings (name, value) VALUES (?, ?)').run('partitions', partitions));
    return partitions;
  }
  if (wanted !== undefined && wanted !== stored) {
    throw colloquyError('CONFIG_INVALID', { path: 'partitions', problem: `found ${wanted} for the folder ${database.dir}, which has ${stored}; expected the same, or another folder` });
  }
  return stored;
}
