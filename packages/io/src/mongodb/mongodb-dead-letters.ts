import { checkedLimit, keyOfCursor, pageOf } from '@colloquy/contracts';
import type { DeadLetters } from '@colloquy/core';
import type { Db } from 'mongodb';
import { collectionsOf, indexes } from './collections.js';
import { databaseError } from './database-error.js';
import type { SizeOf } from './document-size.js';
import { deadLetterDocument, deadLetterOf } from './documents.js';
import { beyond } from './mongodb-store.js';
import { putDocuments } from './put-documents.js';

/** Dead letters in a database. close() leaves the connection open. */
export function mongodbDeadLetters(db: Db, sizeOf: SizeOf): DeadLetters {
  const { deadLetters } = collectionsOf(db);
  const answer = <T>(work: Promise<T>): Promise<T> => work.catch((error: unknown) => Promise.reject(databaseError(error, `mongodb ${db.databaseName}`)));
  return {
    put: (letters) => answer(putDocuments(deadLetters, letters.map(deadLetterDocument), sizeOf)),
    list: async ({ limit, after }) => {
      const options = { sort: { deadAt: -1, _id: -1 }, limit: checkedLimit(limit) + 1, hint: indexes.deadLettersByTime } as const;
      const found = await answer(deadLetters.find(beyond('deadAt', '$lt', keyOfCursor(after)), options).toArray());
      return pageOf(found.map(deadLetterOf), limit, ({ deadAt, id }) => ({ at: deadAt, id }));
    },
    get: async (id) => {
      const found = await answer(deadLetters.findOne({ _id: id }));
      return found === null ? undefined : deadLetterOf(found);
    },
    count: () => answer(deadLetters.countDocuments({}, { hint: indexes.id })),
    check: async () => {
      await answer(db.command({ ping: 1 }));
    },
    close: async () => undefined,
  };
}
