import { colloquyError } from '@colloquy/core';
import type { Collection, Db } from 'mongodb';
import { isDuplicate } from './database-error.js';
import { migrations } from './migrations.js';

export interface MigrateOptions {
  /** The version to reach, up or down; 0 is nothing. Default: the newest. */
  readonly to?: number;
}

export const newestVersion = migrations.length;

/**
 * Brings the schema to a version, one migration after the other, noting each; returns the version. Several processes may do it
 * at once. Throws STORE_SCHEMA_MISMATCH where the database is newer than this code, or `to` is no version.
 */
export async function migrate(db: Db, { to = newestVersion }: MigrateOptions = {}): Promise<number> {
  const found = await schemaVersion(db);
  if (found > newestVersion || !Number.isInteger(to) || to < 0 || to > newestVersion) {
    throw colloquyError('STORE_SCHEMA_MISMATCH', { store: db.databaseName, found: found > newestVersion ? found : to, expected: `at most ${newestVersion}` });
  }
  const pending = migrations.filter(({ version }) => version > found && version <= to);
  for (const { version, up } of pending) {
    await up(db);
    await note(db, { $max: { version } });
  }
  const undone = migrations.filter(({ version }) => version <= found && version > to).reverse();
  for (const { version, down } of undone) {
    await down(db);
    await note(db, { $set: { version: version - 1 } });
  }
  return to;
}

/** The version noted in the database; 0 for none. */
export async function schemaVersion(db: Db): Promise<number> {
  return (await schemaNotes(db).findOne({ _id: 'schema' }))?.version ?? 0;
}

interface SchemaNote {
  readonly _id: 'schema';
  readonly version: number;
}

function schemaNotes(db: Db): Collection<SchemaNote> {
  return db.collection('schema_version');
}

async function note(db: Db, update: { readonly $max: { readonly version: number } } | { readonly $set: { readonly version: number } }): Promise<void> {
  const write = () => schemaNotes(db).updateOne({ _id: 'schema' }, update, { upsert: true });
  await write().catch((error: unknown) => {
    if (!isDuplicate(error)) throw error;
    return write();
  });
}
