import type { Database } from './database.js';

/** Rows of a table that triggers count, so that asking costs nothing. */
export function countIn(database: Database, table: 'parked' | 'dead_letters'): number {
  return database.read(() => database.sql('SELECT rows FROM counts WHERE name = ?').get<{ rows: number }>(table)?.rows ?? 0);
}
