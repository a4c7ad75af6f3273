import type { Database } from './database.js';

/**
 * Rejects with STORE_UNREACHABLE or STORE_CORRUPT where the database does not answer or cannot write, such as on a full or
 * read-only disk. What it writes is gone in the same transaction; checks of one tick share that.
 */
export async function checkDatabase(database: Database): Promise<void> {
  database.read(() => database.sql('SELECT value FROM settings WHERE name = ?').get('partitions'));
  await database.write(() => {
    database.sql('INSERT OR REPLACE INTO settings (name, value) VALUES (?, zeroblob(8192))').run(checkName);
    database.sql('DELETE FROM settings WHERE name = ?').run(checkName);
  });
}

const checkName = 'check';
