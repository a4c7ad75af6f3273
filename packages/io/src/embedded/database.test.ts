import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@colloquy/core';
import { storedMessage } from '@colloquy/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkDatabase } from './check-database.js';
import { databaseFile, openDatabase, type Database } from './database.js';
import { embeddedStore } from './embedded-store.js';
import { libsqlDriver } from './libsql-driver.js';
import { openEmbedded } from './open-embedded.js';
import { recordLog } from './record-log.js';
import { schemaVersion } from './schema.js';
import type { SqlConnection, SqlDriver } from './sql.js';

let dir: string;
let driver: SqlDriver;
/** The connection to the database itself, to bring it into trouble. */
let connection: SqlConnection;
const executed: string[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'colloquy-database-'));
  const real = await libsqlDriver();
  driver = {
    open: (file) => {
      const opened = real.open(file);
      if (!file.endsWith(databaseFile)) return opened;
      connection = { ...opened, exec: (text) => (executed.push(text), opened.exec(text)) };
      return connection;
    },
  };
});
afterEach(() => rmSync(dir, { recursive: true }));

const setting = (database: Database, name: string) => database.read(() => database.sql('SELECT value FROM settings WHERE name = ?').get<{ value: number }>(name)?.value);
const put = (database: Database, name: string, value: number) => database.write(() => void database.sql('INSERT INTO settings (name, value) VALUES (?, ?)').run(name, value));

describe('openDatabase', () => {
  it('syncs what it commits', () => {
    const database = openDatabase(driver, dir);
    expect(connection.prepare('PRAGMA synchronous').get()).toMatchObject({ synchronous: 2 });
    expect(connection.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' });
    return database.close();
  });

  it('lets one have the folder at a time', async () => {
    const database = openDatabase(driver, dir);
    expect(() => openDatabase(driver, dir)).toThrow(expect.objectContaining({ code: 'STORE_IN_USE', kind: 'config', details: { dir } }));
    await put(database, 'still', 1);
    await database.close();
    const again = openDatabase(driver, dir);
    expect(setting(again, 'still')).toBe(1);
    await again.close();
  });

  it('refuses a newer schema and leaves it alone', async () => {
    await openDatabase(driver, dir).close();
    const real = driver.open(join(dir, databaseFile));
    real.exec(`PRAGMA user_version = ${schemaVersion + 1}`);
    real.close();
    expect(() => openDatabase(driver, dir)).toThrow(
      expect.objectContaining({ code: 'STORE_SCHEMA_MISMATCH', details: { found: schemaVersion + 1, store: dir, expected: schemaVersion } }),
    );
    expect(() => openDatabase(driver, dir)).toThrow(expect.objectContaining({ code: 'STORE_SCHEMA_MISMATCH' }));
  });

  it('refuses a file that is no database', () => {
    writeFileSync(join(dir, databaseFile), 'no database, whatever its name says. '.repeat(100));
    expect(() => openDatabase(driver, dir)).toThrow(expect.objectContaining({ code: 'STORE_CORRUPT', kind: 'config' }));
  });

  it('finds a damaged page when it reads it', async () => {
    const database = openDatabase(driver, dir);
    await embeddedStore(database).save(Array.from({ length: 200 }, (_, index) => storedMessage({ id: `m-${index}`, text: 'x'.repeat(500) })));
    await database.close();
    const file = join(dir, databaseFile);
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 3 * 4096);
    writeFileSync(file, bytes);
    const read = async () => {
      const damaged = openDatabase(driver, dir);
      try {
        for (let index = 0; index < 200; index++) await embeddedStore(damaged).message(`m-${index}`);
      } finally {
        await damaged.close().catch(() => undefined);
      }
    };
    await expect(read()).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    await expect(read()).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  });

  it('says that a folder cannot be made', () => {
    writeFileSync(join(dir, 'file'), '');
    expect(() => openDatabase(driver, join(dir, 'file', 'folder'))).toThrow(expect.objectContaining({ code: 'STORE_UNREACHABLE', kind: 'transient' }));
  });
});

describe('write', () => {
  let database: Database;
  beforeEach(() => {
    database = openDatabase(driver, dir);
  });
  afterEach(() => database.close());

  it('shares one transaction among the writes of a tick', async () => {
    executed.length = 0;
    const order: number[] = [];
    await Promise.all([1, 2, 3].map((value) => database.write(() => void order.push(value))));
    expect(order).toEqual([1, 2, 3]);
    expect(executed.filter((text) => !text.endsWith(' work'))).toEqual(['BEGIN IMMEDIATE', 'COMMIT']);
    await put(database, 'x', 1);
    expect(executed.filter((text) => text === 'COMMIT').length).toBe(2);
  });

  it('undoes only the work that throws', async () => {
    const undone: string[] = [];
    database.onUndo(() => undone.push('undone'));
    const insert = (name: string) => database.sql('INSERT INTO settings (name, value) VALUES (?, ?)').run(name, 1);
    const results = await Promise.allSettled([
      database.write(() => insert('first')),
      database.write(() => {
        insert('second');
        insert('first');
      }),
      database.write(() => insert('third')),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect([setting(database, 'first'), setting(database, 'second'), setting(database, 'third')]).toEqual([1, undefined, 1]);
    expect(undone).toEqual(['undone']);
  });

  it('takes more writes than one transaction holds', async () => {
    await Promise.all(Array.from({ length: 1000 }, (_, index) => put(database, `s-${index}`, index)));
    expect(setting(database, 's-999')).toBe(999);
  });

  it('calls a full disk a passing trouble, and goes on when there is room', async () => {
    const store = embeddedStore(database);
    connection.exec('PRAGMA max_page_count = 60');
    const many = Array.from({ length: 500 }, (_, index) => storedMessage({ id: `m-${index}`, text: 'x'.repeat(2000) }));
    const [full, beside] = await Promise.allSettled([store.save(many), store.save([storedMessage({ id: 'beside', conversationId: 'other' })])]);
    expect(full).toMatchObject({ status: 'rejected', reason: { code: 'STORE_UNREACHABLE', kind: 'transient' } });
    expect(await store.message('m-0')).toBeUndefined();
    expect((await store.message('beside')) !== undefined).toBe(beside?.status === 'fulfilled');
    connection.exec('PRAGMA max_page_count = 1000000');
    await store.save(many);
    expect((await store.conversation('conversation-1'))?.counts.messages).toBe(500);
  });

  it.each([
    ['full', 'PRAGMA max_page_count = 1', 'PRAGMA max_page_count = 1000000'],
    ['read-only', 'PRAGMA query_only = 1', 'PRAGMA query_only = 0'],
  ])('fails the check on a %s disk, until it is writable again', async (_, trouble, mended) => {
    connection.exec(trouble);
    await expect(checkDatabase(database)).rejects.toMatchObject({ code: 'STORE_UNREACHABLE', kind: 'transient' });
    connection.exec(mended);
    await checkDatabase(database);
    expect(connection.prepare('SELECT count(*) AS rows FROM settings').get()).toMatchObject({ rows: 0 });
  });

  it('calls a read-only file a passing trouble', async () => {
    connection.exec('PRAGMA query_only = 1');
    await expect(put(database, 'x', 1)).rejects.toMatchObject({ code: 'STORE_UNREACHABLE', kind: 'transient' });
    connection.exec('PRAGMA query_only = 0');
    await put(database, 'x', 1);
    expect(setting(database, 'x')).toBe(1);
  });

  it('finishes what was asked for before close, and refuses what comes after', async () => {
    const last = put(database, 'last', 1);
    await database.close();
    await last;
    await expect(put(database, 'late', 1)).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
    database = openDatabase(driver, dir);
    expect([setting(database, 'last'), setting(database, 'late')]).toEqual([1, undefined]);
  });
});

describe('openEmbedded', () => {
  it('keeps the number of partitions of the folder', async () => {
    await (await openEmbedded({ dir, partitions: 3 })).close();
    await (await openEmbedded({ dir })).close();
    await expect(openEmbedded({ dir, partitions: 4 })).rejects.toMatchObject({ code: 'CONFIG_INVALID', kind: 'config' });
    await expect(openEmbedded({ dir, partitions: 0 })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await (await openEmbedded({ dir, partitions: 3 })).close();
  });

  it('reads each log by group, with its own commits', async () => {
    const embedded = await openEmbedded({ dir, partitions: 1 });
    await embedded.enriched.append(['a', 'b', 'c'].map((key) => ({ key, value: new TextEncoder().encode(key), headers: {} })));
    await embedded.source({ log: 'enriched', group: 'one' }).commit(new Map([['enriched/0', 2]]));
    const read = async (group: string, count: number) => {
      const source = embedded.source({ log: 'enriched', group });
      const keys: string[] = [];
      await source.run({ assigned: async () => undefined, revoked: async () => undefined, records: async (records) => {
        keys.push(...records.map(({ value }) => new TextDecoder().decode(value)));
        if (keys.length >= count) await source.stop();
      } });
      return keys;
    };
    expect(await read('one', 1)).toEqual(['c']);
    expect(await read('two', 3)).toEqual(['a', 'b', 'c']);
    await expect(embedded.source().commit(new Map([['enriched/0', 1]]))).rejects.toMatchObject({ code: 'INTERNAL' });
    await embedded.close();
  });
});

describe('recordLog', () => {
  it('counts offsets on where an append failed half way', async () => {
    const database = openDatabase(driver, dir);
    const log = recordLog({ database, name: 'inbound', partitions: 1, clock: systemClock });
    const record = { key: 'k', value: new Uint8Array(1), headers: {} };
    const unbindable = { ...record, value: {} as unknown as Uint8Array };
    await log.append([record]);
    const results = await Promise.allSettled([log.append([record, unbindable]), log.append([record, record])]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(log.read(0, 0).map(({ offset }) => offset)).toEqual([0, 1, 2]);
    await database.close();
  });

  it('reads a bounded number of bytes at a time, and always one record', async () => {
    const database = openDatabase(driver, dir);
    const log = recordLog({ database, name: 'inbound', partitions: 1, clock: systemClock });
    const sizes = [3_000_000, 3_000_000, 1_000_000, 9_000_000, 1];
    await log.append(sizes.map((size) => ({ key: 'k', value: new Uint8Array(size), headers: {} })));
    const reads = [0, 1, 3, 4, 5].map((offset) => log.read(0, offset).map(({ value }) => value?.length));
    expect(reads).toEqual([[3_000_000], [3_000_000, 1_000_000], [9_000_000], [1], []]);
    await database.close();
  });
});
