import type { ParkedRecord, Parking, SourceRecord } from '@colloquy/core';

export interface MemoryParkingOptions {
  /** Awaited before park() and remove() do anything; what it throws is what they reject with. */
  beforeWrite?(call: 'park' | 'remove', records: readonly Pick<SourceRecord, 'partition' | 'offset'>[]): void | Promise<void>;
  /** Awaited before load() answers. */
  beforeLoad?(partitions: readonly string[]): void | Promise<void>;
}

export interface MemoryParking extends Parking {
  /** Everything that is parked, by partition, then offset. */
  all(): readonly ParkedRecord[];
}

/** A Parking in memory. */
export function memoryParking(options: MemoryParkingOptions = {}): MemoryParking {
  const parked = new Map<string, ParkedRecord>();
  const all = () => [...parked.values()].sort((a, b) => comparePositions(a.record, b.record));
  return {
    park: async (records) => {
      await options.beforeWrite?.('park', records.map(({ record }) => record));
      for (const item of records) parked.set(positionOf(item.record), item);
    },
    load: async (partitions) => {
      await options.beforeLoad?.(partitions);
      return all().filter(({ record }) => partitions.includes(record.partition));
    },
    remove: async (records) => {
      await options.beforeWrite?.('remove', records);
      for (const record of records) parked.delete(positionOf(record));
    },
    count: async () => parked.size,
    check: async () => undefined,
    close: async () => undefined,
    all,
  };
}

type Position = Pick<SourceRecord, 'partition' | 'offset'>;

function positionOf({ partition, offset }: Position): string {
  return `${partition}@${offset}`;
}

function comparePositions(a: Position, b: Position): number {
  if (a.partition !== b.partition) return a.partition < b.partition ? -1 : 1;
  return a.offset - b.offset;
}
