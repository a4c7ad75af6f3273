import type { Parking } from '@colloquy/core';
import type { Db } from 'mongodb';
import { collectionsOf, indexes } from './collections.js';
import { databaseError } from './database-error.js';
import type { SizeOf } from './document-size.js';
import { parkedDocument, parkedId, parkedOf } from './documents.js';
import { putDocuments } from './put-documents.js';

/** Parked messages in a database. close() leaves the connection open. */
export function mongodbParking(db: Db, sizeOf: SizeOf): Parking {
  const { parking } = collectionsOf(db);
  const answer = <T>(work: Promise<T>): Promise<T> => work.catch((error: unknown) => Promise.reject(databaseError(error, `mongodb ${db.databaseName}`)));
  return {
    park: (records) => answer(putDocuments(parking, records.map(parkedDocument), sizeOf)),
    load: async (partitions) => {
      if (partitions.length === 0) return [];
      const filter = { 'record.partition': { $in: [...partitions] } };
      const found = await answer(parking.find(filter, { sort: { 'record.partition': 1, 'record.offset': 1 }, hint: indexes.parkingByPartition }).toArray());
      return found.map(parkedOf);
    },
    remove: async (records) => {
      if (records.length > 0) await answer(parking.deleteMany({ _id: { $in: records.map(parkedId) } }));
    },
    count: () => answer(parking.countDocuments({}, { hint: indexes.id })),
    check: async () => {
      await answer(db.command({ ping: 1 }));
    },
    close: async () => undefined,
  };
}
