import type { Sink } from '@colloquy/core';
import type { Database } from './database.js';
import { checkDatabase } from './check-database.js';
import type { RecordLog } from './record-log.js';

/** Appends to a log. close() leaves the database open: openEmbedded owns it. */
export function logSink(database: Database, log: RecordLog): Sink {
  return {
    name: `embedded ${log.name}`,
    append: (records) => log.append(records),
    check: () => checkDatabase(database),
    close: async () => undefined,
  };
}
