import { partitionOf, type Clock, type SinkRecord, type SourceRecord } from '@colloquy/core';
import type { Database } from './database.js';

/** A partitioned log in the database; offsets count from 0 in each partition, without gaps. */
export interface RecordLog {
  readonly name: string;
  readonly partitions: number;
  append(records: readonly SinkRecord[]): Promise<void>;
  /** Records of one partition from `offset` on, a bounded number; empty at the end. */
  read(partition: number, offset: number): readonly SourceRecord[];
  /** The offset `reader` reads next. */
  committed(reader: string, partition: number): number;
  commit(reader: string, offsets: ReadonlyMap<number, number>): Promise<void>;
  /** Calls `wake` after every append with the partitions that grew; returns how to end that. */
  onAppend(wake: (grown: ReadonlySet<number>) => void): () => void;
}

export interface RecordLogOptions {
  readonly database: Database;
  readonly name: string;
  readonly partitions: number;
  readonly clock: Clock;
}

/** How much one read gives: bounds the memory of a source. */
const maxReadRecords = 100;
const maxReadBytes = 4 * 1024 * 1024;

export function recordLog({ database, name, partitions, clock }: RecordLogOptions): RecordLog {
  const encoder = new TextEncoder();
  const wakes = new Set<(grown: ReadonlySet<number>) => void>();
  const heads = new Map<number, number>();
  database.onUndo(() => heads.clear());

  const headOf = (partition: number): number =>
    heads.get(partition) ?? (database.sql('SELECT max(offset) + 1 AS head FROM records WHERE log = ? AND partition = ?').get<{ head: number | null }>(name, partition)?.head ?? 0);

  return {
    name,
    partitions,
    append: async (records) => {
      if (records.length === 0) return;
      const rows = records.map(({ key, value, headers }) => {
        const keyBytes = encoder.encode(key);
        return { partition: partitionOf(keyBytes, partitions), keyBytes, value, headers: JSON.stringify(headers) };
      });
      await database.write(() => {
        const insert = database.sql('INSERT INTO records (log, partition, offset, key, value, headers, at) VALUES (?, ?, ?, ?, ?, ?, ?)');
        const at = new Date(clock.now()).toISOString();
        for (const { partition, keyBytes, value, headers } of rows) {
          const offset = headOf(partition);
          insert.run(name, partition, offset, keyBytes, value, headers, at);
          heads.set(partition, offset + 1);
        }
      });
      const grown = new Set(rows.map(({ partition }) => partition));
      for (const wake of [...wakes]) wake(grown);
    },
    read: (partition, offset) =>
      database.read(() => {
        const end = endOfRead(database, name, partition, offset);
        if (end === undefined) return [];
        return database
          .sql('SELECT offset, key, value, headers, at FROM records WHERE log = ? AND partition = ? AND offset >= ? AND offset <= ? ORDER BY offset')
          .all<RecordRow>(name, partition, offset, end)
          .map((row) => recordOf(row, `${name}/${partition}`));
      }),
    committed: (reader, partition) =>
      database.read(() => database.sql('SELECT offset FROM commits WHERE log = ? AND reader = ? AND partition = ?').get<{ offset: number }>(name, reader, partition)?.offset ?? 0),
    commit: (reader, offsets) =>
      database.write(() => {
        const put = database.sql(
          'INSERT INTO commits (log, reader, partition, offset) VALUES (?, ?, ?, ?) ON CONFLICT (log, reader, partition) DO UPDATE SET offset = excluded.offset',
        );
        for (const [partition, offset] of offsets) put.run(name, reader, partition, offset);
      }),
    onAppend: (wake) => {
      wakes.add(wake);
      return () => void wakes.delete(wake);
    },
  };
}

interface RecordRow {
  readonly offset: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: string;
  readonly at: string;
}

/** The last offset of a read that starts at `offset`: sizes are looked at before bytes are loaded, and one record always fits. */
function endOfRead(database: Database, name: string, partition: number, offset: number): number | undefined {
  const sizes = database
    .sql('SELECT offset, length(value) AS bytes FROM records WHERE log = ? AND partition = ? AND offset >= ? ORDER BY offset LIMIT ?')
    .all<{ offset: number; bytes: number | null }>(name, partition, offset, maxReadRecords);
  let total = 0;
  let end: number | undefined;
  for (const row of sizes) {
    total += row.bytes ?? 0;
    if (end !== undefined && total > maxReadBytes) break;
    end = row.offset;
  }
  return end;
}

function recordOf({ offset, key, value, headers, at }: RecordRow, partition: string): SourceRecord {
  return { partition, offset, key: key ?? undefined, value: value ?? undefined, headers: JSON.parse(headers) as Record<string, string>, at };
}
