import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface TempFile {
  readonly path: string;
  /** A folder of its own, for what the work makes beside it. */
  readonly dir: string;
}

/** Lends the bytes as a file (0600 in a folder of 0700) and removes file and folder when the work is done, whatever came of it. */
export async function withTempFile<T>(parent: string, bytes: Uint8Array, work: (file: TempFile) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(parent, 'colloquy-media-'));
  try {
    const path = join(dir, 'input');
    await writeFile(path, bytes, { flag: 'wx', mode: 0o600 });
    return await work({ path, dir });
  } finally {
    await rm(dir, { recursive: true, force: true, maxRetries: 3 });
  }
}
