import { colloquyError, type DeadLetter, type DeadLetters } from '@colloquy/core';

export interface MemoryDeadLettersOptions {
  /** Awaited before put() does anything; what it throws is what put() rejects with. */
  beforePut?(letters: readonly DeadLetter[]): void | Promise<void>;
}

export interface MemoryDeadLetters extends DeadLetters {
  /** Everything, in the order it was first put. */
  all(): readonly DeadLetter[];
}

/** DeadLetters in memory. */
export function memoryDeadLetters(options: MemoryDeadLettersOptions = {}): MemoryDeadLetters {
  const letters = new Map<string, DeadLetter>();
  return {
    put: async (given) => {
      await options.beforePut?.(given);
      for (const letter of given) letters.set(letter.id, letter);
    },
    list: async ({ limit, after }) => {
      if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw colloquyError('QUERY_INVALID', { found: limit, field: 'limit', expected: 'a whole number from 1 to 100' });
      const newestFirst = [...letters.values()].sort(compareNewest);
      const from = after === undefined ? 0 : newestFirst.findIndex(({ id }) => id === after) + 1;
      if (after !== undefined && from === 0) throw colloquyError('QUERY_INVALID', { found: 'an unknown id', field: 'after', expected: '`next` of the page before' });
      const items = newestFirst.slice(from, from + limit);
      const last = items.at(-1);
      return last === undefined || from + limit >= newestFirst.length ? { items } : { items, next: last.id };
    },
    get: async (id) => letters.get(id),
    count: async () => letters.size,
    check: async () => undefined,
    close: async () => undefined,
    all: () => [...letters.values()],
  };
}

function compareNewest(a: DeadLetter, b: DeadLetter): number {
  if (a.deadAt !== b.deadAt) return a.deadAt > b.deadAt ? -1 : 1;
  return a.id === b.id ? 0 : a.id > b.id ? -1 : 1;
}
