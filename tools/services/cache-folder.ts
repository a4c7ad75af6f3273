import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const checkoutCache = fileURLToPath(new URL('../../.cache/services', import.meta.url));
const userCache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'colloquy');
const marker = '.complete';

/**
 * The folder `name` of the cache, filled by `install` where it is not there yet. Looked for in the checkout, then in the cache
 * that all clones of a user share; made in the shared one, or in the checkout where that cannot be written. Two processes
 * that want it at once install it once.
 */
export async function cachedFolder(name: string, install: (folder: string) => Promise<void>): Promise<string> {
  const found = [checkoutCache, userCache].map((cache) => join(cache, name)).find(isComplete);
  if (found !== undefined) return found;
  const cache = writable(userCache) ? userCache : checkoutCache;
  mkdirSync(cache, { recursive: true });
  const folder = join(cache, name);
  const unlock = await lock(`${folder}.lock`);
  try {
    if (isComplete(folder)) return folder;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    await install(folder);
    writeFileSync(join(folder, marker), '');
    return folder;
  } finally {
    unlock();
  }
}

function isComplete(folder: string): boolean {
  return existsSync(join(folder, marker));
}

function writable(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    const probe = join(folder, `.probe-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
    return true;
  } catch {
    return false;
  }
}

/** A lock file holds the id of its owner; one whose owner is gone is taken over. */
async function lock(file: string): Promise<() => void> {
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (!isAlive(ownerOf(file))) rmSync(file, { force: true });
    await delay(250);
  }
}

function ownerOf(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
}

/** An owner that has not written its id yet counts as alive. */
function isAlive(pid: number): boolean {
  if (!(pid > 0)) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
