import { colloquyError, isColloquyError, type ColloquyError } from '@colloquy/core';

/**
 * What SQLite's result code means: STORE_CORRUPT for a damaged file, STORE_REFUSED for a value beyond its limits,
 * STORE_UNREACHABLE for a full, read-only or failing disk, INTERNAL for anything else.
 */
export function databaseError(error: unknown, dir: string): ColloquyError {
  if (isColloquyError(error)) return error;
  const code = sqliteCode(error);
  if (corrupt.test(code)) return colloquyError('STORE_CORRUPT', { dir, problem: code }, error);
  if (code === 'SQLITE_TOOBIG') return colloquyError('STORE_REFUSED', { id: '(unnamed)', problem: 'a value is larger than SQLite takes' }, error);
  if (passing.test(code)) return colloquyError('STORE_UNREACHABLE', { store: `${dir} (${code})` }, error);
  return colloquyError('INTERNAL', { where: `the database in ${dir}` }, error);
}

/** `SQLITE_FULL` and the like; empty for an error that is not SQLite's. */
export function sqliteCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

const corrupt = /^SQLITE_(CORRUPT|NOTADB)/;
const passing = /^SQLITE_(FULL|READONLY|IOERR|CANTOPEN|BUSY|LOCKED|NOMEM|PERM|AUTH)/;
