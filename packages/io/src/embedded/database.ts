import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { colloquyError } from '@colloquy/core';
import { databaseError } from './database-error.js';
import { lockFolder } from './folder-lock.js';
import { migrate } from './schema.js';
import type { SqlConnection, SqlDriver, SqlStatement } from './sql.js';

/** The one database of a folder. Nobody else has it open. */
export interface Database {
  readonly dir: string;
  /** The prepared statement of this text; made once. */
  sql(text: string): SqlStatement;
  /** Runs `work` now. Throws what databaseError makes of a failure. */
  read<T>(work: () => T): T;
  /**
   * Runs `work` soon, in one transaction with everything else asked for in this tick, and resolves when it is on the disk.
   * Works run in the order asked for; where one throws, only its own changes are undone.
   */
  write<T>(work: () => T): Promise<T>;
  /** Called when changes were undone: forget what was remembered of them. */
  onUndo(forget: () => void): void;
  /** Every statement used so far, by text. */
  statements(): readonly string[];
  /** Finishes the writes asked for. The database cannot be used afterwards. */
  close(): Promise<void>;
}

/** Throws STORE_IN_USE, STORE_SCHEMA_MISMATCH, STORE_CORRUPT or STORE_UNREACHABLE. */
export function openDatabase(driver: SqlDriver, dir: string): Database {
  try {
    mkdirSync(dir, { recursive: true });
  } catch (error) {
    throw colloquyError('STORE_UNREACHABLE', { store: dir }, error);
  }
  const lock = lockFolder(driver, dir);
  let connection: SqlConnection | undefined;
  try {
    connection = driver.open(join(dir, databaseFile));
    connection.exec(pragmas);
    migrate(connection, dir);
    return databaseOn(connection, dir, () => lock.release());
  } catch (error) {
    connection?.close();
    lock.release();
    throw databaseError(error, dir);
  }
}

export const databaseFile = 'colloquy.db';

/** FULL: a transaction is on the disk when it is committed. 16 MB of cache; the write-ahead log goes into the file every 16 MB. */
const pragmas = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000;';

/** A transaction blocks the thread; more than this many pieces of work wait for the next one. */
const maxWorksPerTransaction = 256;

interface Work {
  readonly run: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

function databaseOn(connection: SqlConnection, dir: string, release: () => void): Database {
  const prepared = new Map<string, SqlStatement>();
  const undoListeners: (() => void)[] = [];
  const waiting: Work[] = [];
  let flushAsked = false;
  let closed = false;

  const refuseClosed = () => {
    if (closed) throw colloquyError('STORE_UNREACHABLE', { store: `${dir} (closed)` });
  };
  const sql = (text: string): SqlStatement => {
    const known = prepared.get(text);
    if (known !== undefined) return known;
    const statement = connection.prepare(text);
    prepared.set(text, statement);
    return statement;
  };
  const undone = () => {
    for (const forget of undoListeners) forget();
  };
  const flush = () => {
    const works = waiting.splice(0, maxWorksPerTransaction);
    flushAsked = waiting.length > 0;
    if (flushAsked) setImmediate(flush);
    runTogether(connection, works, dir, undone);
  };

  return {
    dir,
    sql,
    read: (work) => {
      refuseClosed();
      try {
        return work();
      } catch (error) {
        throw databaseError(error, dir);
      }
    },
    write: async <T>(work: () => T): Promise<T> => {
      refuseClosed();
      const done = new Promise<T>((resolve, reject) => waiting.push({ run: work, resolve: resolve as (value: unknown) => void, reject }));
      if (!flushAsked) setImmediate(flush);
      flushAsked = true;
      return done;
    },
    onUndo: (forget) => void undoListeners.push(forget),
    statements: () => [...prepared.keys()],
    close: async () => {
      if (closed) return;
      closed = true;
      while (waiting.length > 0) await new Promise((resolve) => setImmediate(resolve));
      try {
        connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
      } catch (error) {
        throw databaseError(error, dir);
      } finally {
        connection.close();
        release();
      }
    },
  };
}

/** One transaction over all works, each in a savepoint of its own. */
function runTogether(connection: SqlConnection, works: readonly Work[], dir: string, undone: () => void): void {
  const results: { readonly work: Work; readonly value: unknown }[] = [];
  try {
    connection.exec('BEGIN IMMEDIATE');
    for (const work of works) {
      connection.exec('SAVEPOINT work');
      try {
        results.push({ work, value: work.run() });
      } catch (error) {
        undone();
        if (!connection.inTransaction()) throw error;
        connection.exec('ROLLBACK TO work');
        work.reject(databaseError(error, dir));
      }
      connection.exec('RELEASE work');
    }
    connection.exec('COMMIT');
  } catch (error) {
    if (connection.inTransaction()) connection.exec('ROLLBACK');
    undone();
    for (const work of works) work.reject(databaseError(error, dir));
    return;
  }
  for (const { work, value } of results) work.resolve(value);
}
