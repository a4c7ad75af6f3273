import type { Collection } from 'mongodb';
import { isRace, writeFailures } from './database-error.js';

/** Adds or replaces documents by `_id`, in the order given: whatever breaks in between, an earlier one is there where a later one is. */
export async function putDocuments<T extends { readonly _id: string }>(collection: Collection<T>, documents: readonly T[]): Promise<void> {
  let rest = documents;
  for (let races = 0; rest.length > 0; races++) {
    try {
      await collection.bulkWrite(rest.map((document) => ({ replaceOne: { filter: { _id: document._id } as never, replacement: document as never, upsert: true } })), { ordered: true });
      return;
    } catch (error) {
      const [failure] = writeFailures(error) ?? [];
      if (failure === undefined || races > maxRaces || !isRace(failure.code)) throw error;
      rest = rest.slice(failure.index);
    }
  }
}

const maxRaces = 100;
