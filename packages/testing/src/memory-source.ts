import { colloquyError, partitionOf, type Source, type SourceListener, type SourceRecord } from '@colloquy/core';

export interface ProducedRecord {
  readonly key: string;
  readonly value: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface MemorySourceOptions {
  /** Default: `memory`. Partitions are named `<name>/<number>`. */
  readonly name?: string;
  /** Default: 1. */
  readonly partitions?: number;
  /** run() resolves when everything produced so far was delivered. Default: false. */
  readonly finite?: boolean;
  /** How many records one call of records() gets at most. Default: 100. */
  readonly maxBatch?: number;
  /** The partitions this consumer owns from the start. Default: all. */
  readonly owned?: readonly string[];
}

/** A partitioned log in memory and one consumer of it. */
export interface MemorySource extends Source {
  readonly partitions: readonly string[];
  /** Appends; the partition follows from the key. */
  produce(records: readonly ProducedRecord[]): Promise<void>;
  /** Everything in the log. */
  log(): readonly SourceRecord[];
  /** The committed offsets; they belong to the log and outlive the consumer. */
  committed(): ReadonlyMap<string, number>;
  /** Makes this consumer own exactly these partitions, through revoked() and assigned(). */
  rebalance(owned: readonly string[]): Promise<void>;
  /** Goes back in an owned partition, so that records come once more. */
  rewind(partition: string, offset: number): void;
  /** Another consumer of the same log, starting at the last commits. */
  reopen(options?: Pick<MemorySourceOptions, 'finite' | 'maxBatch' | 'owned'>): MemorySource;
}

/** A Source in memory. It passes the source suite; its consumers can be rebalanced by hand. */
export function memorySource(options: MemorySourceOptions = {}): MemorySource {
  const { name = 'memory', partitions = 1 } = options;
  const names = Array.from({ length: partitions }, (_, index) => `${name}/${index}`);
  return consumerOf({ name, names, records: new Map(names.map((partition) => [partition, []])), committed: new Map(), wake: new Set() }, options);
}

interface MemoryLog {
  readonly name: string;
  readonly names: readonly string[];
  readonly records: ReadonlyMap<string, SourceRecord[]>;
  readonly committed: Map<string, number>;
  readonly wake: Set<() => void>;
}

/** One stretch of owning a partition. */
interface Lease {
  readonly partition: string;
  position: number;
  over: boolean;
}

function consumerOf(log: MemoryLog, options: Omit<MemorySourceOptions, 'name' | 'partitions'>): MemorySource {
  const { finite = false, maxBatch = 100 } = options;
  const leases = new Map<string, Lease>();
  const loops = new Set<Promise<void>>();
  let owned = options.owned ?? log.names;
  let listener: SourceListener | undefined;
  let stopped = false;
  let closed = false;

  const wakeAll = () => {
    for (const wake of log.wake) wake();
  };
  const news = () =>
    new Promise<void>((resolve) => {
      const wake = () => {
        log.wake.delete(wake);
        resolve();
      };
      log.wake.add(wake);
    });

  const feed = async (lease: Lease, to: SourceListener): Promise<void> => {
    const records = log.records.get(lease.partition) ?? [];
    while (!lease.over && !stopped) {
      const batch = records.slice(lease.position, lease.position + maxBatch);
      if (batch.length > 0) {
        lease.position += batch.length;
        await to.records(batch);
      } else if (finite) return;
      else await news();
    }
  };

  const move = async (next: readonly string[]): Promise<void> => {
    if (listener === undefined) return;
    const lost = [...leases.keys()].filter((partition) => !next.includes(partition));
    for (const partition of lost) (leases.get(partition) as Lease).over = true;
    wakeAll();
    if (lost.length > 0) await listener.revoked(lost);
    for (const partition of lost) leases.delete(partition);
    const gained = next.filter((partition) => !leases.has(partition));
    if (gained.length > 0) await listener.assigned(gained);
    for (const partition of gained) {
      const lease = { partition, position: log.committed.get(partition) ?? 0, over: false };
      leases.set(partition, lease);
      const loop = feed(lease, listener).finally(() => loops.delete(loop));
      loops.add(loop);
    }
  };

  let moving = Promise.resolve();
  const rebalance = (next: readonly string[]): Promise<void> => {
    owned = next;
    moving = moving.then(() => move(next));
    return moving;
  };

  return {
    name: log.name,
    partitions: log.names,
    produce: async (records) => {
      for (const { key, value, headers = {} } of records) {
        const partition = log.names[partitionOf(key, log.names.length)] as string;
        const into = log.records.get(partition) as SourceRecord[];
        into.push({ partition, offset: into.length, key: encoder.encode(key), value, headers, at: new Date().toISOString() });
      }
      wakeAll();
    },
    log: () => [...log.records.values()].flat(),
    committed: () => new Map(log.committed),
    rebalance,
    rewind: (partition, offset) => {
      const lease = leases.get(partition);
      if (lease !== undefined) lease.position = Math.min(lease.position, offset);
      wakeAll();
    },
    reopen: (more = {}) => consumerOf(log, { finite, maxBatch, ...more }),
    run: async (given) => {
      listener = given;
      if (!stopped) await rebalance(owned);
      while (loops.size > 0 || !(finite || stopped)) await (loops.size > 0 ? Promise.all(loops) : news());
    },
    commit: async (offsets) => {
      if (closed) throw colloquyError('SOURCE_UNREACHABLE', { source: log.name });
      for (const partition of offsets.keys()) {
        if (!leases.has(partition)) throw colloquyError('SOURCE_UNREACHABLE', { source: `${log.name}, partition ${partition} without owning it` });
      }
      for (const [partition, offset] of offsets) log.committed.set(partition, offset);
    },
    stop: async () => {
      stopped = true;
      wakeAll();
    },
    check: async () => {
      if (closed) throw colloquyError('SOURCE_UNREACHABLE', { source: log.name });
    },
    close: async () => {
      stopped = true;
      closed = true;
      wakeAll();
    },
  };
}

const encoder = new TextEncoder();
