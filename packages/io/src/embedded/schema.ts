import { colloquyError } from '@colloquy/core';
import type { SqlConnection } from './sql.js';

/** Each entry brings the schema from the version of its index to the next. Published entries never change. */
const migrations: readonly string[] = [
  `
  CREATE TABLE settings (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;

  CREATE TABLE records (
    seq INTEGER PRIMARY KEY, log TEXT NOT NULL, partition INTEGER NOT NULL, offset INTEGER NOT NULL,
    key BLOB, value BLOB, headers TEXT NOT NULL, at TEXT NOT NULL
  );
  CREATE UNIQUE INDEX records_in_order ON records (log, partition, offset);
  CREATE TABLE commits (
    log TEXT NOT NULL, reader TEXT NOT NULL, partition INTEGER NOT NULL, offset INTEGER NOT NULL,
    PRIMARY KEY (log, reader, partition)
  ) WITHOUT ROWID;

  CREATE TABLE messages (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL, at TEXT NOT NULL, body TEXT NOT NULL);
  CREATE INDEX messages_in_order ON messages (conversation, at, id);
  CREATE TABLE conversations (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, last_at TEXT NOT NULL, body TEXT NOT NULL);
  CREATE INDEX conversations_by_activity ON conversations (last_at, id);
  CREATE TABLE facets (
    facet TEXT NOT NULL, last_at TEXT NOT NULL, conversation TEXT NOT NULL,
    PRIMARY KEY (facet, last_at, conversation)
  ) WITHOUT ROWID;

  CREATE TABLE parked (
    seq INTEGER PRIMARY KEY, partition TEXT NOT NULL, offset INTEGER NOT NULL, body TEXT NOT NULL, key BLOB, value BLOB
  );
  CREATE UNIQUE INDEX parked_in_order ON parked (partition, offset);
  CREATE TABLE dead_letters (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, dead_at TEXT NOT NULL, body TEXT NOT NULL, key BLOB, value BLOB);
  CREATE INDEX dead_letters_by_time ON dead_letters (dead_at, id);

  CREATE TABLE counts (name TEXT PRIMARY KEY, rows INTEGER NOT NULL) WITHOUT ROWID;
  INSERT INTO counts VALUES ('parked', 0), ('dead_letters', 0);
  CREATE TRIGGER parked_added AFTER INSERT ON parked BEGIN UPDATE counts SET rows = rows + 1 WHERE name = 'parked'; END;
  CREATE TRIGGER parked_removed AFTER DELETE ON parked BEGIN UPDATE counts SET rows = rows - 1 WHERE name = 'parked'; END;
  CREATE TRIGGER dead_letters_added AFTER INSERT ON dead_letters BEGIN UPDATE counts SET rows = rows + 1 WHERE name = 'dead_letters'; END;
  `,
];

export const schemaVersion = migrations.length;

/** Brings the database to this version, in one transaction. Throws STORE_SCHEMA_MISMATCH where it is newer already. */
export function migrate(connection: SqlConnection, store: string): void {
  const found = connection.prepare('PRAGMA user_version').get<{ user_version: number }>()?.user_version ?? 0;
  if (found > schemaVersion) throw colloquyError('STORE_SCHEMA_MISMATCH', { found, store, expected: schemaVersion });
  if (found === schemaVersion) return;
  const steps = migrations.slice(found).join('\n');
  connection.exec(`BEGIN IMMEDIATE;\n${steps}\nPRAGMA user_version = ${schemaVersion};\nCOMMIT;`);
}
