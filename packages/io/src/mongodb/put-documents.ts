import { colloquyError } from '@colloquy/core';
import type { Collection } from 'mongodb';
import { isRace, writeFailures } from './database-error.js';
import { maxDocumentBytes, tooLarge, type SizeOf } from './document-size.js';

/**
 * Adds or replaces documents by `_id`, in the order given: whatever breaks in between, an earlier one is there where a later one is.
 * Throws STORE_REFUSED naming the first that is too large; the others are stored.
 */
export async function putDocuments<T extends { readonly _id: string }>(collection: Collection<T>, documents: readonly T[], sizeOf: SizeOf): Promise<void> {
  const refused = documents.filter((document) => sizeOf(document) > maxDocumentBytes);
  let rest = refused.length === 0 ? documents : documents.filter((document) => !refused.includes(document));
  for (let races = 0; rest.length > 0; races++) {
    try {
      await collection.bulkWrite(rest.map((document) => ({ replaceOne: { filter: { _id: document._id } as never, replacement: document as never, upsert: true } })), { ordered: true });
      break;
    } catch (error) {
      const [failure] = writeFailures(error) ?? [];
      if (failure === undefined || races > maxRaces || !isRace(failure.code)) throw error;
      rest = rest.slice(failure.index);
    }
  }
  for (const { _id } of refused) throw colloquyError('STORE_REFUSED', { id: _id, problem: tooLarge });
}

const maxRaces = 100;
