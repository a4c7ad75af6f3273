import { colloquyError, isColloquyError, type Clock, type Source, type SourceListener } from '@colloquy/core';
import { checkDatabase } from './check-database.js';
import type { Database } from './database.js';
import type { RecordLog } from './record-log.js';

export interface LogSourceOptions {
  readonly database: Database;
  readonly log: RecordLog;
  readonly clock: Clock;
  /** Whose commits count. */
  readonly group: string;
}

/**
 * Reads a log from the group's commits on; each partition waits for its own records(). A read that fails for a passing reason
 * is tried again with growing waits. close() leaves the database open.
 */
export function logSource({ database, log, clock, group }: LogSourceOptions): Source {
  const partitions = new Map(Array.from({ length: log.partitions }, (_, partition) => [`${log.name}/${partition}`, partition]));
  const wakes = new Map<number, () => void>();
  const stopping = new AbortController();
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
    let next: number | undefined;
    while (!stopping.signal.aborted) {
      const records = await patiently(() => log.read(partition, (next ??= log.committed(group, partition))), clock, stopping.signal);
      const last = records.at(-1);
      if (stopping.signal.aborted) return;
      if (last === undefined) await growth(partition);
      else {
        next = last.offset + 1;
        await listener.records(records);
      }
    }
  };
  const stop = async () => {
    stopping.abort();
    wake(partitions.values());
  };

  return {
    name: 'embedded',
    run: async (listener) => {
      if (stopping.signal.aborted) return;
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

const firstWaitMs = 100;
const longestWaitMs = 10_000;

/** What `read` gives, however often it fails for a passing reason; nothing when the signal came first. */
async function patiently<T>(read: () => readonly T[], clock: Clock, signal: AbortSignal): Promise<readonly T[]> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      return read();
    } catch (error) {
      if (!isColloquyError(error) || error.kind !== 'transient') throw error;
      await clock.sleep(Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(failures, 20)), signal);
    }
  }
  return [];
}
