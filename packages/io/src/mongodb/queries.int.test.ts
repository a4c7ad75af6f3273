import { randomUUID } from 'node:crypto';
import { BSON, MongoClient, type CommandStartedEvent, type Db, type Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredMessage } from '@colloquy/core';
import { needsService } from '../../../../tools/services/needs-service.js';
import { openMongodb } from './index.js';
import { migrate, newestVersion, schemaVersion } from './migrate.js';
import { mongodbDeadLetters } from './mongodb-dead-letters.js';
import { mongodbMediaStore } from './mongodb-media-store.js';
import { mongodbParking } from './mongodb-parking.js';
import { mongodbStore } from './mongodb-store.js';
import { clientOptions } from './open-mongodb.js';

const needed = await needsService('mongodb');

describe.skipIf(needed.isAbsent)('the database', () => {
  const client = new MongoClient(needed.address, { ...clientOptions({}), monitorCommands: true });
  const databases: Db[] = [];
  const fresh = () => {
    const db = client.db(`queries_${randomUUID().slice(0, 8)}`);
    databases.push(db);
    return db;
  };
  afterAll(async () => {
    for (const db of databases) await db.dropDatabase();
    await client.close();
  });

  describe('reads every query from an index', () => {
    const sent: CommandStartedEvent[] = [];
    let db: Db;
    beforeAll(async () => {
      db = fresh();
      await migrate(db);
      client.on('commandStarted', (event) => sent.push(event));
      await useEverything(db);
      client.removeAllListeners('commandStarted');
    });

    it('uses each collection and each kind of command', () => {
      const used = new Set(sent.flatMap(({ commandName, command }) => (typeof command[commandName] === 'string' ? [`${commandName} ${command[commandName] as string}`] : [])));
      expect([...used].sort()).toEqual([
        'aggregate dead_letters',
        'aggregate parking',
        'delete parking',
        'find conversations',
        'find dead_letters',
        'find media.chunks',
        'find media.files',
        'find messages',
        'find parking',
        'insert messages',
        'update conversations',
        'update dead_letters',
        'update media.chunks',
        'update media.files',
        'update messages',
        'update parking',
      ]);
    });

    it('scans no collection', async () => {
      const found: string[] = [];
      for (const query of sent.flatMap(queriesOf)) {
        const stages = stagesOf(await db.command({ explain: query, verbosity: 'queryPlanner' }));
        const isIndexed = stages.some((stage) => ['IXSCAN', 'IDHACK', 'EXPRESS_IXSCAN', 'COUNT_SCAN', 'CLUSTERED_IXSCAN'].includes(stage));
        if (stages.includes('COLLSCAN') || !isIndexed) found.push(`${stages.join(' ')}: ${JSON.stringify(query)}`);
      }
      expect(found).toEqual([]);
    });

    it('would see a scan', async () => {
      const stages = stagesOf(await db.command({ explain: { find: 'messages', filter: { text: 'x' } }, verbosity: 'queryPlanner' }));
      expect(stages).toContain('COLLSCAN');
    });
  });

  describe('its migrations', () => {
    it('may be run twice, also where the version was not noted', async () => {
      const db = fresh();
      expect(await migrate(db)).toBe(newestVersion);
      const made = await shape(db);
      expect(await migrate(db)).toBe(newestVersion);
      await db.collection('schema_version').deleteMany({});
      expect(await migrate(db)).toBe(newestVersion);
      expect(await shape(db)).toEqual(made);
      expect(made['conversations']).toMatchObject({ indexes: ['_id_', 'by_activity', 'by_facet'], isValidated: true });
    });

    it('may be run by several processes at once', async () => {
      const db = fresh();
      expect(await Promise.all([migrate(db), migrate(db), migrate(db)])).toEqual([newestVersion, newestVersion, newestVersion]);
      expect(await schemaVersion(db)).toBe(newestVersion);
    });

    it('are rolled back one by one, and done again', async () => {
      const db = fresh();
      await migrate(db);
      const made = await shape(db);
      for (let version = newestVersion - 1; version >= 0; version--) {
        expect(await migrate(db, { to: version })).toBe(version);
        expect(await schemaVersion(db)).toBe(version);
      }
      expect(Object.keys(await shape(db))).toEqual(['schema_version']);
      await migrate(db);
      expect(await shape(db)).toEqual(made);
    });

    it('never delete documents', async () => {
      const db = fresh();
      await migrate(db);
      const store = mongodbStore({ db, sizeOf });
      await store.save([message(0)]);
      await migrate(db, { to: 0 });
      expect((await shape(db))['messages']).toEqual({ indexes: ['_id_'], isValidated: false });
      await migrate(db);
      expect(await store.message('m-0')).toEqual(message(0));
    });

    it('refuse a database that is newer, and versions that do not exist', async () => {
      const db = fresh();
      await migrate(db);
      await expect(migrate(db, { to: newestVersion + 1 })).rejects.toMatchObject({ code: 'STORE_SCHEMA_MISMATCH' });
      await db.collection<{ _id: string }>('schema_version').updateOne({ _id: 'schema' }, { $set: { version: newestVersion + 1 } });
      await expect(mongodbStore({ db, sizeOf }).open()).rejects.toMatchObject({ code: 'STORE_SCHEMA_MISMATCH', kind: 'config', details: { found: newestVersion + 1 } });
    });
  });

  it('refuses what does not fit its schema, names it, and stores the rest', async () => {
    const db = fresh();
    await migrate(db);
    const store = mongodbStore({ db, sizeOf });
    const broken = { ...message(1), text: 7 } as unknown as StoredMessage;
    await expect(store.save([message(0), broken, message(2)])).rejects.toMatchObject({ code: 'STORE_REFUSED', kind: 'input', details: { id: 'm-1' } });
    expect(await store.message('m-1')).toBeUndefined();
    expect((await store.conversation('c'))?.recent.map(({ id }) => id)).toEqual(['m-0', 'm-2']);
  });

  it('completes an attachment whose upload was interrupted, and lets GridFS tools read it', async () => {
    const db = fresh();
    await migrate(db);
    const media = mongodbMediaStore(db);
    const bytes = new Uint8Array(900_000).map((_, index) => index % 251);
    const ref = await media.put(bytes);
    await db.collection('media.files').deleteMany({});
    await db.collection('media.chunks').deleteOne({ n: 2 });
    expect(await media.get(ref)).toBeUndefined();
    expect(await media.put(bytes)).toBe(ref);
    expect(Buffer.compare((await media.get(ref)) ?? Buffer.alloc(0), bytes)).toBe(0);
    expect(await db.collection('media.chunks').countDocuments({})).toBe(4);
    const { GridFSBucket } = await import('mongodb');
    const parts: Buffer[] = [];
    for await (const part of new GridFSBucket(db, { bucketName: 'media' }).openDownloadStreamByName(ref)) parts.push(part as Buffer);
    expect(Buffer.compare(Buffer.concat(parts), bytes)).toBe(0);
  });
});

describe('openMongodb', () => {
  it('refuses a malformed connection string without quoting it', async () => {
    const failure = await openMongodb({ uri: 'http://user:secret@host' }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'CONFIG_INVALID', kind: 'config' });
    expect(`${String(failure)} ${JSON.stringify(failure)}`).not.toContain('secret');
  });

  it('rejects with STORE_UNREACHABLE where nothing answers', async () => {
    const mongodb = await openMongodb({ uri: 'mongodb://127.0.0.1:9/?directConnection=true', timeoutMs: 300 });
    const calls = [mongodb.store.open(), mongodb.store.check(), mongodb.store.save([message(0)]), mongodb.parking.count(), mongodb.deadLetters.count(), mongodb.media.put(new Uint8Array(1))];
    for (const call of await Promise.allSettled(calls)) expect(call).toMatchObject({ status: 'rejected', reason: { code: 'STORE_UNREACHABLE', kind: 'transient' } });
    await mongodb.close();
  });
});

const sizeOf = (document: object) => BSON.calculateObjectSize(document);

function message(index: number): StoredMessage {
  return {
    id: `m-${index}`,
    conversationId: 'c',
    at: new Date(Date.UTC(2026, 2, 2, 10, index)).toISOString(),
    author: { id: `author-${index % 2}`, role: 'customer' },
    channel: 'whatsapp',
    direction: 'inbound',
    text: 'x',
    media: [],
    meta: {},
    ann: { intent: { name: 'pay', score: 1, alternatives: [], source: { stage: 'classify-intent@1' } }, sentiment: { label: 'negative', score: -1, intensity: 1, source: { stage: 'score-sentiment@1' } } },
    faults: [],
    pipeline: [],
    position: { source: 'test', partition: 'p/0', offset: index },
    enrichedAt: '2026-03-02T10:00:01.000Z',
  };
}

/** Every method of every adapter, in each of its forms. */
async function useEverything(db: Db): Promise<void> {
  const store = mongodbStore({ db, sizeOf });
  await store.save([message(0), message(1)]);
  await store.save([message(1), message(2)]);
  await db.collection('messages').updateOne({ text: 'x' }, { $set: { summarised: false } }, { hint: '_id_' });
  await store.save([0, 1, 2].map(message));
  await store.message('m-0');
  await store.conversation('c');
  const page = await store.messages({ conversationId: 'c', limit: 1 });
  await store.messages({ conversationId: 'c', limit: 1, after: page.next as string });
  for (const query of [{}, { intent: 'pay' }, { intent: 'pay', sentiment: 'negative' as const }, { from: message(0).at }, { intent: 'pay', from: message(0).at, to: message(50).at }]) {
    await store.conversations({ ...query, limit: 2 });
    await store.conversations({ ...query, limit: 2, after: page.next as string });
  }
  await store.rebuildSummary('c');
  const record = { partition: 'p/0', offset: 1, key: new Uint8Array(1), value: new Uint8Array(1), headers: {}, at: message(0).at };
  const parking = mongodbParking(db, sizeOf);
  await parking.park([{ key: 'c', record, attempts: 1, parkedAt: message(0).at, nextAttemptAt: message(1).at }]);
  await parking.load(['p/0', 'p/1']);
  await parking.count();
  await parking.remove([record]);
  const letters = mongodbDeadLetters(db, sizeOf);
  await letters.put([0, 1].map((index) => ({ id: `l-${index}`, source: 's', record, deadAt: message(index).at, attempts: 1, code: 'X', kind: 'bug' as const, fingerprint: 'f', causes: [], pipeline: [], codeVersion: '1' })));
  const { next } = await letters.list({ limit: 1 });
  await letters.list({ limit: 1, after: next as string });
  await letters.get('l-0');
  await letters.count();
  const media = mongodbMediaStore(db);
  await media.get(await media.put(new Uint8Array(3)));
  await media.put(new Uint8Array(3));
}

/** A sent command as queries to explain; updates and deletes by what they look for. */
function queriesOf({ commandName, command }: CommandStartedEvent): readonly Document[] {
  const found = (filter: unknown, hint: unknown) => ({ find: command[commandName] as string, filter, ...(hint === undefined ? {} : { hint }) });
  if (commandName === 'update') return (command['updates'] as Document[]).filter(({ q }) => !('text' in (q as object))).map(({ q, hint }) => found(q, hint));
  if (commandName === 'delete') return (command['deletes'] as Document[]).map(({ q, hint }) => found(q, hint));
  const kept = ['filter', 'sort', 'limit', 'projection', 'hint', 'pipeline', 'cursor'].flatMap((key) => (command[key] === undefined ? [] : [[key, command[key]]]));
  return commandName === 'find' || commandName === 'aggregate' ? [{ [commandName]: command[commandName] as string, ...(Object.fromEntries(kept) as Document) }] : [];
}

/** The names of all stages of a plan, wherever the server puts them. */
function stagesOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => (key === 'rejectedPlans' ? [] : key === 'stage' && typeof item === 'string' ? [item] : stagesOf(item)));
}

async function shape(db: Db): Promise<Record<string, { readonly indexes: readonly string[]; readonly isValidated: boolean }>> {
  const collections = (await db.listCollections().toArray()).filter(({ name }) => !name.startsWith('system.')).sort((a, b) => (a.name < b.name ? -1 : 1));
  const entries = collections.map(async ({ name, options }: Document) => {
    const listed = await db.collection(name as string).listIndexes().toArray();
    const validator = (options as Document | undefined)?.['validator'] as object | undefined;
    return [name as string, { indexes: listed.map((index) => String(index['name'])).sort(), isValidated: Object.keys(validator ?? {}).length > 0 }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
