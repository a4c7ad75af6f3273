import { randomUUID } from 'node:crypto';
import { deadLettersSuite, mediaStoreSuite, parkingSuite, storeSuite } from '@colloquy/testing';
import { MongoClient } from 'mongodb';
import { describe } from 'vitest';
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
