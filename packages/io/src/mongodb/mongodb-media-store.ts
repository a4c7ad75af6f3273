import { colloquyError, contentRef, isContentRef, type MediaStore } from '@colloquy/core';
import type { Db } from 'mongodb';
import { collectionsOf, indexes, type ChunkDocument, type Collections } from './collections.js';
import { databaseError, isRace, writeFailures } from './database-error.js';
import { bytesOf } from './documents.js';

/**
 * Attachments in GridFS, bucket `media`, the content hash as id. All writers of the same bytes write the same chunks, so that
 * they may do it at once, and an interrupted one is completed by the next. close() leaves the connection open.
 */
export function mongodbMediaStore(db: Db): MediaStore {
  const collections = collectionsOf(db);
  const answer = <T>(work: Promise<T>): Promise<T> => work.catch((error: unknown) => Promise.reject(databaseError(error, `mongodb ${db.databaseName}`)));
  return {
    put: async (bytes) => {
      const ref = await contentRef(bytes);
      await answer(write(collections, ref, bytes));
      return ref;
    },
    get: async (ref) => {
      if (!isContentRef(ref)) throw colloquyError('MEDIA_REF_INVALID');
      return answer(read(collections, ref));
    },
    check: async () => {
      await answer(db.command({ ping: 1 }));
    },
    close: async () => undefined,
  };
}

/** GridFS' usual size. Never another: chunks of an interrupted upload are kept for the next one. */
const chunkBytes = 255 * 1024;
const chunksPerRequest = 16;

async function write({ files, chunks }: Collections, ref: string, bytes: Uint8Array): Promise<void> {
  if ((await files.findOne({ _id: ref }, { projection: { _id: 1 } })) !== null) return;
  const count = Math.ceil(bytes.length / chunkBytes);
  for (let from = 0; from < count; from += chunksPerRequest) {
    const numbers = Array.from({ length: Math.min(chunksPerRequest, count - from) }, (_, index) => from + index);
    await untilWritten(async () => {
      await chunks.bulkWrite(numbers.map((n) => chunkOperation(ref, n, bytes)), { ordered: false });
    });
  }
  // The file document comes last: it says that all chunks are there.
  const file = { length: bytes.length, chunkSize: chunkBytes, uploadDate: new Date(), filename: ref };
  await untilWritten(async () => {
    await files.updateOne({ _id: ref }, { $setOnInsert: file }, { upsert: true });
  });
}

function chunkOperation(ref: string, n: number, bytes: Uint8Array) {
  const data = bytes.slice(n * chunkBytes, (n + 1) * chunkBytes);
  return { updateOne: { filter: { files_id: ref, n }, update: { $setOnInsert: { data } }, upsert: true, hint: indexes.chunksByFile } };
}

/** Two upserts of one document may meet; the one that came second finds it when it tries again. */
async function untilWritten(attempt: () => Promise<void>): Promise<void> {
  for (let races = 0; ; races++) {
    try {
      return await attempt();
    } catch (error) {
      const codes = writeFailures(error)?.map(({ code }) => code) ?? [(error as { code?: number }).code ?? 0];
      if (races > maxRaces || !codes.every(isRace)) throw error;
    }
  }
}

const maxRaces = 100;

async function read({ files, chunks }: Collections, ref: string): Promise<Uint8Array | undefined> {
  const file = await files.findOne({ _id: ref });
  if (file === null) return undefined;
  const bytes = new Uint8Array(file.length);
  let position = 0;
  for await (const { data } of chunks.find({ files_id: ref }, { sort: { n: 1 }, hint: indexes.chunksByFile })) {
    const part = bytesOf(data as ChunkDocument['data']) as Uint8Array;
    bytes.set(part, position);
    position += part.length;
  }
  return bytes;
}
