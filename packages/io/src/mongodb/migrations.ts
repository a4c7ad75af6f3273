import { recentLength, participantsLength } from '@colloquy/core';
import type { CreateIndexesOptions, Db, Document, IndexSpecification } from 'mongodb';
import { indexes } from './collections.js';

/** One step of the schema. Both directions may be run again, also after an interruption. */
export interface Migration {
  readonly version: number;
  up(db: Db): Promise<void>;
  /** Takes indexes and validators away, and collections only where they are empty: documents are never deleted. */
  down(db: Db): Promise<void>;
}

interface CollectionSchema {
  readonly name: string;
  readonly schema: Document;
  readonly indexes: readonly (readonly [IndexSpecification, CreateIndexesOptions & { readonly name: string }])[];
}

const text = { bsonType: 'string' };
const list = { bsonType: 'array' };
const fields = { bsonType: 'object' };
const whole = { bsonType: ['int', 'long', 'double'], minimum: 0 };
const instant = { bsonType: 'date' };

function object(required: Readonly<Record<string, Document>>, optional: Readonly<Record<string, Document>> = {}): Document {
  return { bsonType: 'object', required: Object.keys(required), properties: { ...required, ...optional } };
}

const author = object({ id: text, role: text }, { name: text });
const direction = { enum: ['inbound', 'outbound'] };
const record = object({ partition: text, offset: whole, headers: fields, at: text }, { key: { bsonType: 'binData' }, value: { bsonType: 'binData' } });

const messages: CollectionSchema = {
  name: 'messages',
  schema: object({
    _id: text,
    conversationId: text,
    at: instant,
    author,
    channel: text,
    direction,
    text,
    media: list,
    meta: fields,
    ann: fields,
    faults: list,
    pipeline: list,
    position: object({ source: text, partition: text, offset: whole }),
    enrichedAt: instant,
    summarised: { bsonType: 'bool' },
  }),
  indexes: [[{ conversationId: 1, at: 1, _id: 1 }, { name: indexes.messagesByConversation }]],
};

const conversations: CollectionSchema = {
  name: 'conversations',
  schema: object(
    {
      _id: text,
      participants: { bsonType: 'array', maxItems: participantsLength, items: author },
      firstAt: instant,
      counts: object({ messages: whole, inbound: whole, outbound: whole, media: whole, faults: whole }),
      last: object({ at: instant, id: text, direction, preview: text }),
      facets: { bsonType: 'array', items: text },
      recent: { bsonType: 'array', maxItems: recentLength, items: object({ id: text, at: instant }, { sentiment: { bsonType: ['double', 'int'] } }) },
      revision: whole,
    },
    { lastIntent: object({ at: instant, id: text, name: text }) },
  ),
  indexes: [
    [{ facets: 1, 'last.at': -1, _id: -1 }, { name: indexes.conversationsByFacet }],
    [{ 'last.at': -1, _id: -1 }, { name: indexes.conversationsByActivity }],
  ],
};

const parking: CollectionSchema = {
  name: 'parking',
  schema: object({ _id: text, key: text, record, attempts: whole, parkedAt: text, nextAttemptAt: text }, { stage: text, code: text }),
  indexes: [[{ 'record.partition': 1, 'record.offset': 1 }, { name: indexes.parkingByPartition }]],
};

const deadLetters: CollectionSchema = {
  name: 'dead_letters',
  schema: object(
    { _id: text, source: text, record, deadAt: instant, attempts: whole, code: text, kind: text, fingerprint: text, causes: list, pipeline: list, codeVersion: text },
    { stage: text, messageId: text, conversationId: text },
  ),
  indexes: [[{ deadAt: -1, _id: -1 }, { name: indexes.deadLettersByTime }]],
};

const mediaFiles: CollectionSchema = {
  name: 'media.files',
  schema: object({ _id: text, length: whole, chunkSize: whole, uploadDate: instant, filename: text }),
  indexes: [],
};

const mediaChunks: CollectionSchema = {
  name: 'media.chunks',
  schema: object({ files_id: text, n: whole, data: { bsonType: 'binData' } }),
  indexes: [[{ files_id: 1, n: 1 }, { name: indexes.chunksByFile, unique: true }]],
};

/** In order of version, without gaps. A published one is never changed: a change is the next. */
export const migrations: readonly Migration[] = [
  migrationOf(1, [messages, conversations]),
  migrationOf(2, [parking, deadLetters]),
  migrationOf(3, [mediaFiles, mediaChunks]),
];

function migrationOf(version: number, collections: readonly CollectionSchema[]): Migration {
  return {
    version,
    up: async (db) => {
      for (const collection of collections) await create(db, collection);
    },
    down: async (db) => {
      for (const collection of [...collections].reverse()) await undo(db, collection);
    },
  };
}

async function create(db: Db, { name, schema, indexes: wanted }: CollectionSchema): Promise<void> {
  const validator = { $jsonSchema: schema };
  await db.createCollection(name, { validator }).catch(ignoring(namespaceExists));
  await db.command({ collMod: name, validator, validationLevel: 'strict', validationAction: 'error' });
  for (const [keys, options] of wanted) await db.collection(name).createIndex(keys, options);
}

async function undo(db: Db, { name, indexes: wanted }: CollectionSchema): Promise<void> {
  const isThere = (await db.listCollections({ name }, { nameOnly: true }).toArray()).length > 0;
  if (!isThere) return;
  if ((await db.collection(name).findOne({}, { projection: { _id: 1 } })) === null) {
    await db.dropCollection(name);
    return;
  }
  for (const [, options] of wanted) await db.collection(name).dropIndex(options.name).catch(ignoring(indexNotFound));
  await db.command({ collMod: name, validator: {}, validationLevel: 'off' });
}

const namespaceExists = 48;
const indexNotFound = 27;

function ignoring(code: number): (error: unknown) => void {
  return (error) => {
    if ((error as { code?: unknown }).code !== code) throw error;
  };
}
