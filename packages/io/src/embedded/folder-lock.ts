import { join } from 'node:path';
import { colloquyError } from '@colloquy/core';
import { databaseError, sqliteCode } from './database-error.js';
import type { SqlDriver } from './sql.js';

export interface FolderLock {
  release(): void;
}

/**
 * Keeps a folder for one owner: SQLite's exclusive lock on a file in it, which the operating system releases when the
 * process ends in whatever way. Throws STORE_IN_USE.
 */
export function lockFolder(driver: SqlDriver, dir: string): FolderLock {
  const connection = driver.open(join(dir, 'lock'));
  try {
    connection.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    connection.close();
    if (sqliteCode(error).startsWith('SQLITE_BUSY')) throw colloquyError('STORE_IN_USE', { dir }, error);
    throw databaseError(error, dir);
  }
  return { release: () => connection.close() };
}
