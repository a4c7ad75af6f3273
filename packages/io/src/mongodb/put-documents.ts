import type { Collection } from 'mongodb';
import { isRace, writeFailures } from './database-error.js';

/** Adds or replaces documents by `_id`; of two with the same id the later counts. */
export async function putDocuments<T extends { readonly _id: string }>(collection: Collection<T>, documents: readonly T[]): Promise<void> {
  let rest = [...new Map(documents.map((document) => [document._id, document])).values()];
  for (let races = 0; rest.length > 0; races++) {
    try {
      await collection.bulkWrite(rest.map((document) => ({ replaceOne: { filter: { _id: document._id } as never, replacement: document as never, upsert: true } })), { ordered: false });
      return;
    } catch (error) {
      const failures = writeFailures(error);
      if (failures === undefined || races > maxRaces || !failures.every(({ code }) => isRace(code))) throw error;
      rest = failures.flatMap(({ index }) => rest[index] ?? []);
    }
  }
}

const maxRaces = 100;
