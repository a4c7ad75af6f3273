import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@colloquy/core';
import { annotated, sourceRecord, storedMessage } from '@colloquy/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from './database.js';
import { embeddedDeadLetters } from './embedded-dead-letters.js';
import { embeddedParking } from './embedded-parking.js';
import { embeddedStore } from './embedded-store.js';
import { libsqlDriver } from './libsql-driver.js';
import { logSource } from './log-source.js';
import { recordLog } from './record-log.js';

describe('every query of the embedded backend', () => {
  const dir = mkdtempSync(join(tmpdir(), 'colloquy-plans-'));
  let database: Database;

  beforeAll(async () => {
    database = openDatabase(await libsqlDriver(), dir);
    await useEverything(database);
  });
  afterAll(async () => {
    await database.close();
    rmSync(dir, { recursive: true });
  });

  it('is among those looked at here', () => {
    expect(database.statements().length).toBeGreaterThanOrEqual(25);
    for (const table of ['settings', 'records', 'commits', 'messages', 'conversations', 'facets', 'parked', 'dead_letters', 'counts']) {
      expect(database.statements().join('\n')).toContain(` ${table} `);
    }
  });

  it('searches by an index, never scans a table, and sorts nothing', () => {
    const slow = database.statements().flatMap((text) => problemsOf(database, text));
    expect(slow).toEqual([]);
  });

  it('would be caught scanning', () => {
    expect(problemsOf(database, 'SELECT body FROM messages WHERE body = ?')).toEqual(['SCAN messages: SELECT body FROM messages WHERE body = ?']);
    expect(problemsOf(database, 'SELECT id FROM messages WHERE conversation = ? ORDER BY seq').length).toBe(1);
  });
});

function problemsOf(database: Database, text: string): string[] {
  const plan = database.read(() => database.sql(`EXPLAIN QUERY PLAN ${text}`).all<{ detail: string }>(...Array.from(text.matchAll(/\?/g), () => 1)));
  const ordered = text.includes(' ORDER BY ');
  return plan.filter(({ detail }) => detail.startsWith('SCAN') || (ordered && detail.includes('TEMP B-TREE'))).map(({ detail }) => `${detail}: ${text}`);
}

async function useEverything(database: Database): Promise<void> {
  const store = embeddedStore(database);
  const ann = { ...annotated.intent('pay'), ...annotated.language('es'), ...annotated.sentiment('negative', -1), ...annotated.entities('phone') };
  await store.open();
  await store.save([storedMessage({ id: 'm', ann })]);
  await store.save([storedMessage({ id: 'n', at: '2026-03-02T11:00:00.000Z', ann })]);
  await store.message('m');
  await store.conversation('conversation-1');
  await store.messages({ conversationId: 'conversation-1', limit: 1 });
  const filters = [{}, { intent: 'pay' }, { intent: 'pay', language: 'es' }, { intent: 'pay', language: 'es', sentiment: 'negative' as const }];
  for (const filter of [...filters, { ...filters[3], entityType: 'phone', from: '2026-03-02T11:00:00Z' }]) {
    expect((await store.conversations({ ...filter, limit: 5 })).items.length).toBe(1);
  }
  await store.rebuildSummary('conversation-1');

  const parking = embeddedParking(database);
  await parking.park([{ key: 'k', record: sourceRecord(), attempts: 0, parkedAt: '', nextAttemptAt: '' }]);
  await parking.load(['inbound/0']);
  await parking.remove([{ partition: 'inbound/0', offset: 0 }]);
  await parking.count();

  const letters = embeddedDeadLetters(database);
  await letters.put([{ id: 'x', source: 's', record: sourceRecord(), deadAt: '2026-03-02T10:00:00.000Z', attempts: 1, code: 'C', kind: 'bug', fingerprint: 'f', causes: [], pipeline: [], codeVersion: '1' }]);
  await letters.list({ limit: 3 });
  await letters.get('x');
  await letters.count();

  await database.write(() => database.sql('INSERT INTO settings (name, value) VALUES (?, ?)').run('partitions', 1));
  const log = recordLog({ database, name: 'inbound', partitions: 1, clock: systemClock });
  await log.append([{ key: 'k', value: new Uint8Array(3), headers: {} }]);
  const source = logSource({ database, log, clock: systemClock, group: 'g' });
  let stop = async () => undefined as void;
  const received = new Promise<void>((resolve) => {
    stop = async () => {
      resolve();
      await source.stop();
    };
  });
  const run = source.run({ assigned: async () => undefined, revoked: async () => undefined, records: () => stop() });
  await received;
  await run;
  await source.commit(new Map([['inbound/0', 1]]));
}
