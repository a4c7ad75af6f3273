import { randomUUID } from 'node:crypto';
import { deadLettersSuite, mediaStoreSuite, parkingSuite, storeSuite } from '@colloquy/testing';
import { MongoClient } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { needsService } from '../../../../tools/services/needs-service.js';
import { openMongodb } from './index.js';

const needed = await needsService('mongodb');

describe.skipIf(needed.isAbsent)('MongoDB', () => {
  /** An empty database of its own, opened as often as asked. */
  const fresh = async () => {
    const database = `suite_${randomUUID().slice(0, 8)}`;
    const open = async () => {
      const opened = await openMongodb({ uri: needed.address, database });
      await opened.store.open();
      return opened;
    };
    let current = await open();
    return {
      opened: current,
      reopen: async () => {
        await current.close();
        current = await open();
        return current;
      },
      close: async () => {
        await current.close();
        const client = new MongoClient(needed.address);
        await client.db(database).dropDatabase();
        await client.close();
      },
    };
  };

  storeSuite({
    name: 'mongodb',
    open: async () => {
      const { opened, reopen, close } = await fresh();
      return { store: opened.store, reopen: async () => (await reopen()).store, close };
    },
  });

  parkingSuite({
    name: 'mongodb',
    open: async () => {
      const { opened, reopen, close } = await fresh();
      return { parking: opened.parking, reopen: async () => (await reopen()).parking, close };
    },
  });

  deadLettersSuite({
    name: 'mongodb',
    open: async () => {
      const { opened, reopen, close } = await fresh();
      return { deadLetters: opened.deadLetters, reopen: async () => (await reopen()).deadLetters, close };
    },
  });

  it('refuses a letter and a parked record of more than 16 MB and stores those beside them', async () => {
    const { opened, close } = await fresh();
    const instant = '2026-03-02T12:00:00.000Z';
    const record = (offset: number, bytes: number) => ({ partition: 'p/0', offset, key: undefined, value: new Uint8Array(bytes), headers: {}, at: instant });
    const parked = [17 * 1024 * 1024, 1].map((bytes, offset) => ({ key: 'c', record: record(offset, bytes), attempts: 1, parkedAt: instant, nextAttemptAt: instant }));
    const refused = (id: string) => expect.objectContaining({ code: 'STORE_REFUSED', kind: 'input', details: { id, problem: 'it is larger than 16 MB' } });
    await expect(opened.parking.park(parked)).rejects.toEqual(refused('p/0@0'));
    expect((await opened.parking.load(['p/0'])).map(({ record: { offset } }) => offset)).toEqual([1]);
    const letters = parked.map(({ record: { offset, value } }) => ({ id: `l-${offset}`, source: 's', record: { ...record(offset, 0), value }, deadAt: instant, attempts: 1, code: 'STAGE_FAILED', kind: 'bug' as const, fingerprint: 'f', causes: [], pipeline: [], codeVersion: '1' }));
    await expect(opened.deadLetters.put(letters)).rejects.toEqual(refused('l-0'));
    expect((await opened.deadLetters.list({ limit: 10 })).items.map(({ id }) => id)).toEqual(['l-1']);
    await close();
  });

  let media: Awaited<ReturnType<typeof fresh>>;
  mediaStoreSuite({
    name: 'mongodb',
    open: async () => {
      media = await fresh();
      return media.opened.media;
    },
    reopen: async () => (await media.reopen()).media,
  });
});
