import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { colloquyError, contentRef, isColloquyError, isContentRef, type MediaStore } from '@colloquy/core';

export interface FolderMediaStoreOptions {
  /** Made when it is not there. Several processes may use it at once. */
  readonly dir: string;
}

/**
 * Attachments as files named by content hash, `ab/abcdef…`. A file is written aside, synced and renamed into place, so that
 * it is whole or absent. A file that no longer matches its name counts as absent, and the next put writes it again.
 * While the folder cannot be read or written, calls reject with STORE_UNREACHABLE.
 */
export function folderMediaStore({ dir }: FolderMediaStoreOptions): MediaStore {
  const root = resolve(dir);
  const underWay = new Map<string, Promise<void>>();
  let ready: Promise<void> | undefined;
  const prepare = (): Promise<void> => {
    ready ??= prepareFolder(root).catch((error: unknown) => {
      ready = undefined;
      throw error;
    });
    return ready;
  };

  const keep = async (ref: string, bytes: Uint8Array): Promise<void> => {
    await prepare();
    const path = pathOf(root, ref);
    if ((await readIntact(path, ref)) === undefined) await writeDurably(root, path, bytes);
    else await syncFolder(dirname(path));
  };

  return {
    put: (bytes) =>
      reached(async () => {
        const copy = Uint8Array.from(bytes);
        const ref = await contentRef(copy);
        const writing = underWay.get(ref) ?? keep(ref, copy).finally(() => underWay.delete(ref));
        underWay.set(ref, writing);
        await writing;
        return ref;
      }),
    get: async (ref) => {
      if (!isContentRef(ref)) throw colloquyError('MEDIA_REF_INVALID');
      return reached(() => readIntact(pathOf(root, ref), ref));
    },
    check: () =>
      reached(async () => {
        await prepare();
        await writeProbe(root);
      }),
    close: async () => {
      await Promise.allSettled(underWay.values());
    },
  };
}

const asideFolder = 'aside';
/** A file aside that is older than this was left by a process that died. */
const leftoverAgeMs = 60 * 60 * 1000;

function pathOf(root: string, ref: string): string {
  const hash = ref.slice('sha256-'.length);
  return join(root, hash.slice(0, 2), hash);
}

async function prepareFolder(root: string): Promise<void> {
  const aside = join(root, asideFolder);
  const made = await mkdir(aside, { recursive: true, mode: 0o700 });
  if (made !== undefined) await syncUpTo(aside, dirname(made));
  for (const name of await readdir(aside)) {
    const path = join(aside, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > leftoverAgeMs) await rm(path, { force: true });
  }
}

async function writeDurably(root: string, path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path);
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (made !== undefined) await syncUpTo(folder, root);
  const aside = join(root, asideFolder, randomUUID());
  try {
    await writeSynced(aside, bytes);
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function writeProbe(root: string): Promise<void> {
  const path = join(root, asideFolder, randomUUID());
  try {
    await writeSynced(path, new Uint8Array(1));
  } finally {
    await rm(path, { force: true });
  }
}

async function readIntact(path: string, ref: string): Promise<Uint8Array | undefined> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return bytes !== undefined && (await contentRef(bytes)) === ref ? bytes : undefined;
}

/** Makes new entries of `folder` and of every folder above it up to `top` survive a power cut. */
async function syncUpTo(folder: string, top: string): Promise<void> {
  for (let at = folder; ; at = dirname(at)) {
    await syncFolder(at);
    if (at === top || at === dirname(at)) return;
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // Windows has no fsync for folders
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function reached<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isColloquyError(error)) throw error;
    throw colloquyError('STORE_UNREACHABLE', { store: 'the media folder' }, error);
  }
}
