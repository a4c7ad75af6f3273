import type { Database } from './database.js';

/** Rejects with STORE_UNREACHABLE or STORE_CORRUPT where the database does not answer. */
export async function checkDatabase(database: Database): Promise<void> {
  database.read(() => database.sql('SELECT value FROM settings WHERE name = ?').get('partitions'));
}
