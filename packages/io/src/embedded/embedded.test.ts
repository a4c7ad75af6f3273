import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deadLettersSuite, parkingSuite, sourceSuite, storeSuite } from '@colloquy/testing';
import { openEmbedded, type Embedded } from './open-embedded.js';

const partitions = 8;

storeSuite({
  name: 'embedded',
  open: async () => {
    const folder = await openFolder();
    return { store: folder.embedded().store, reopen: async () => (await folder.reopen()).store, close: () => folder.close() };
  },
});

parkingSuite({
  name: 'embedded',
  open: async () => {
    const folder = await openFolder();
    return { parking: folder.embedded().parking, reopen: async () => (await folder.reopen()).parking, close: () => folder.close() };
  },
});

deadLettersSuite({
  name: 'embedded',
  open: async () => {
    const folder = await openFolder();
    return { deadLetters: folder.embedded().deadLetters, reopen: async () => (await folder.reopen()).deadLetters, close: () => folder.close() };
  },
});

sourceSuite({
  name: 'embedded log',
  partitions,
  open: async () => {
    const folder = await openFolder();
    return {
      source: folder.embedded().source(),
      produce: (records) => folder.embedded().inbound.append(records.map((record) => ({ headers: {}, ...record }))),
      reopen: async () => (await folder.reopen()).source(),
      close: () => folder.close(),
    };
  },
});

interface Folder {
  embedded(): Embedded;
  reopen(): Promise<Embedded>;
  close(): Promise<void>;
}

async function openFolder(): Promise<Folder> {
  const dir = mkdtempSync(join(tmpdir(), 'colloquy-embedded-'));
  let embedded = await openEmbedded({ dir, partitions });
  return {
    embedded: () => embedded,
    reopen: async () => {
      await embedded.close();
      embedded = await openEmbedded({ dir });
      return embedded;
    },
    close: async () => {
      await embedded.close();
      rmSync(dir, { recursive: true });
    },
  };
}
