export interface BatchWriterOptions<T> {
  /** How much one write takes at most; a single heavier item goes alone. */
  readonly maxWeight: number;
  weightOf(item: T): number;
  write(items: readonly T[]): Promise<void>;
}

/** Gathers what comes while a write is under way into the next one. One write at a time, in the order of push(). */
export interface BatchWriter<T> {
  /** Settles with the write the item went into. */
  push(item: T): Promise<void>;
}

export function batchWriter<T>({ maxWeight, weightOf, write }: BatchWriterOptions<T>): BatchWriter<T> {
  let queue: { readonly item: T; resolve(): void; reject(error: unknown): void }[] = [];
  let isWriting = false;

  const nextBatch = () => {
    let weight = 0;
    let count = 0;
    for (const { item } of queue) {
      weight += weightOf(item);
      if (count > 0 && weight > maxWeight) break;
      count++;
    }
    const batch = queue.slice(0, count);
    queue = queue.slice(count);
    return batch;
  };
  const work = async () => {
    isWriting = true;
    await undefined; // lets everything of this turn come into the first batch
    while (queue.length > 0) {
      const batch = nextBatch();
      try {
        await write(batch.map(({ item }) => item));
        for (const entry of batch) entry.resolve();
      } catch (error) {
        for (const entry of batch) entry.reject(error);
      }
    }
    isWriting = false;
  };

  return {
    push: (item) =>
      new Promise((resolve, reject) => {
        queue.push({ item, resolve, reject });
        if (!isWriting) void work();
      }),
  };
}
