import { colloquyError, type Source, type SourceListener } from '@colloquy/core';
import { checkDatabase } from './check-database.js';
import type { Database } from './database.js';
import type { RecordLog } from './record-log.js';

export interface LogSourceOptions {
  readonly database: Database;
  readonly log: RecordLog;
  /** Whose commits count. */
  readonly group: string;
}

/** Reads a log from the group's commits on; each partition waits for its own records(). close() leaves the database open. */
export function logSource({ database, log, group }: LogSourceOptions): Source {
  const partitions = new Map(Array.from({ length: log.partitions }, (_, partition) => [`${log.name}/${partition}`, partition]));
  const wakes = new Map<number, () => void>();
  let stopped = false;
  let closed = false;

  const wake = (grown: Iterable<number>) => {
    for (const partition of grown) wakes.get(partition)?.();
  };
  const partitionNamed = (name: string): number => {
    const partition = partitions.get(name);
    if (partition === undefined) throw colloquyError('INTERNAL', { where: `a commit for partition ${name}, which the log ${log.name} does not have` });
    return partition;
  };
  const growth = (partition: number) => new Promise<void>((resolve) => wakes.set(partition, resolve));
  const feed = async (partition: number, listener: SourceListener): Promise<void> => {
    let next = log.committed(group, partition);
    while (!stopped) {
      const records = log.read(partition, next);
      const last = records.at(-1);
      if (last === undefined) await growth(partition);
      else {
        next = last.offset + 1;
        await listener.records(records);
      }
    }
  };
  const stop = async () => {
    stopped = true;
    wake(partitions.values());
  };

  return {
    name: 'embedded',
    run: async (listener) => {
      if (stopped) return;
      const endWake = log.onAppend(wake);
      try {
        await listener.assigned([...partitions.keys()]);
        await Promise.all(Array.from(partitions.values(), (partition) => feed(partition, listener)));
      } finally {
        await stop();
        endWake();
      }
    },
    commit: async (offsets) => {
      if (closed) throw colloquyError('SOURCE_UNREACHABLE', { source: 'the closed embedded log' });
      await log.commit(group, new Map(Array.from(offsets, ([name, offset]) => [partitionNamed(name), offset])));
    },
    stop,
    check: () => checkDatabase(database),
    close: async () => {
      closed = true;
      await stop();
    },
  };
}
