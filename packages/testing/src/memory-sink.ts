import type { Sink, SinkRecord } from '@colloquy/core';

export interface MemorySinkOptions {
  /** Default: `memory`. */
  readonly name?: string;
  /** Awaited before append() does anything; what it throws is what append() rejects with. */
  beforeAppend?(records: readonly SinkRecord[]): void | Promise<void>;
}

export interface MemorySink extends Sink {
  /** Everything appended, in order. */
  all(): readonly SinkRecord[];
}

/** A Sink in memory. */
export function memorySink(options: MemorySinkOptions = {}): MemorySink {
  const appended: SinkRecord[] = [];
  return {
    name: options.name ?? 'memory',
    append: async (records) => {
      await options.beforeAppend?.(records);
      appended.push(...records);
    },
    check: async () => undefined,
    close: async () => undefined,
    all: () => [...appended],
  };
}
