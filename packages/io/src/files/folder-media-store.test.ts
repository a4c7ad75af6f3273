import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mediaStoreSuite } from '@colloquy/testing';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { folderMediaStore } from './folder-media-store.js';

const scratch = await mkdtemp(join(tmpdir(), 'colloquy-media-store-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

const suiteDir = join(scratch, 'suite', 'not', 'there', 'yet');
const openStore = async () => folderMediaStore({ dir: suiteDir });
mediaStoreSuite({ name: 'folder', open: openStore, reopen: openStore });

const bytes = new TextEncoder().encode('a file');
const unknownRef = `sha256-${'0'.repeat(64)}`;
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(scratch, 'case-'));
});

it('keeps a file once, in a folder of the first two digits, readable by the owner only', async () => {
  const store = folderMediaStore({ dir });
  const ref = await store.put(bytes);
  const name = ref.slice('sha256-'.length);
  const path = join(dir, name.slice(0, 2), name);
  const first = await stat(path);
  expect(first.mode & 0o777).toBe(0o600);
  await store.put(bytes);
  expect((await stat(path)).ino).toBe(first.ino);
  expect(await readdir(join(dir, 'aside'))).toEqual([]);
});

it('takes a damaged file for absent and mends it at the next put', async () => {
  const store = folderMediaStore({ dir });
  const ref = await store.put(bytes);
  const name = ref.slice('sha256-'.length);
  await writeFile(join(dir, name.slice(0, 2), name), 'a fil');
  expect(await store.get(ref)).toBeUndefined();
  await store.put(bytes);
  expect(Buffer.from((await store.get(ref)) ?? []).toString()).toBe('a file');
});

it('serves two processes on one folder', async () => {
  const [one, two] = [folderMediaStore({ dir }), folderMediaStore({ dir })];
  const refs = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? one : two).put(bytes)));
  expect(new Set(refs).size).toBe(1);
  expect(Buffer.from((await one.get(refs[0] as string)) ?? []).toString()).toBe('a file');
});

it('removes what a dead process left aside, not what a living one is writing', async () => {
  await mkdir(join(dir, 'aside'));
  await writeFile(join(dir, 'aside', 'old'), 'half');
  await writeFile(join(dir, 'aside', 'new'), 'half');
  const twoHoursAgo = new Date(Date.now() - 7_200_000);
  await utimes(join(dir, 'aside', 'old'), twoHoursAgo, twoHoursAgo);
  await folderMediaStore({ dir }).check();
  expect(await readdir(join(dir, 'aside'))).toEqual(['new']);
});

it('says STORE_UNREACHABLE where the folder cannot be used, and works once it can', async () => {
  const path = join(dir, 'taken');
  await writeFile(path, 'a file where the folder should be');
  const store = folderMediaStore({ dir: path });
  const unreachable = { code: 'STORE_UNREACHABLE', kind: 'transient' };
  await expect(store.check()).rejects.toMatchObject(unreachable);
  await expect(store.put(bytes)).rejects.toMatchObject(unreachable);
  await expect(store.get(unknownRef)).rejects.toMatchObject(unreachable);
  await rm(path);
  await store.check();
  expect(Buffer.from((await store.get(await store.put(bytes))) ?? []).toString()).toBe('a file');
});
