import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { colloquyError, systemClock, type ColloquyError, type SourceRecord } from '@colloquy/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from './database.js';
import { libsqlDriver } from './libsql-driver.js';
import { logSource } from './log-source.js';
import { recordLog, type RecordLog } from './record-log.js';

let dir: string;
let database: Database;
let log: RecordLog;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'colloquy-log-source-'));
  database = openDatabase(await libsqlDriver(), dir);
  log = recordLog({ database, name: 'inbound', partitions: 1, clock: systemClock });
  await log.append([{ key: 'k', value: new Uint8Array([7]), headers: {} }]);
});
afterEach(async () => {
  await database.close();
  rmSync(dir, { recursive: true });
});

/** A source whose reads fail so often before they succeed; `waits` are its pauses. */
function failing(failures: number, error: ColloquyError) {
  const waits: number[] = [];
  let left = failures;
  const read = (partition: number, offset: number) => {
    if (left-- > 0) throw error;
    return log.read(partition, offset);
  };
  const clock = { now: () => 0, sleep: async (delayMs: number) => void waits.push(delayMs) };
  return { waits, source: logSource({ database, log: { ...log, read }, clock, group: 'g' }) };
}

describe('logSource', () => {
  const unreachable = colloquyError('STORE_UNREACHABLE', { store: dir });

  it('reads again with growing waits while the database cannot be read', async () => {
    const { source, waits } = failing(9, unreachable);
    const got: SourceRecord[] = [];
    await source.run({ assigned: async () => undefined, revoked: async () => undefined, records: async (records) => {
      got.push(...records);
      await source.stop();
    } });
    expect(got.map(({ offset, value }) => [offset, value?.[0]])).toEqual([[0, 7]]);
    expect(waits).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);
  });

  it('ends with a damaged database, which no waiting mends', async () => {
    const { source, waits } = failing(1, colloquyError('STORE_CORRUPT', { dir, problem: 'x' }));
    const none = async () => undefined;
    await expect(source.run({ assigned: none, revoked: none, records: none })).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    expect(waits).toEqual([]);
  });

  it('can be stopped while it waits', async () => {
    const read = () => {
      throw unreachable;
    };
    const source = logSource({ database, log: { ...log, read }, clock: systemClock, group: 'g' });
    const none = async () => undefined;
    const run = source.run({ assigned: none, revoked: none, records: none });
    await source.stop();
    await run;
  });
});
