import { colloquyError, type DeadLetters, type MediaStore, type Parking, type Store } from '@colloquy/core';
import type * as mongodb from 'mongodb';
import { databaseError } from './database-error.js';
import { migrate, schemaVersion, type MigrateOptions } from './migrate.js';
import { mongodbDeadLetters } from './mongodb-dead-letters.js';
import { mongodbMediaStore } from './mongodb-media-store.js';
import { mongodbParking } from './mongodb-parking.js';
import { mongodbStore } from './mongodb-store.js';

export interface MongodbOptions {
  /** A connection string, `mongodb://…` or `mongodb+srv://…`. */
  readonly uri: string;
  /** Default: the database the connection string names, else `colloquy`. */
  readonly database?: string;
  /** How long to look for a server before a call rejects, in milliseconds. Default: 5,000. */
  readonly timeoutMs?: number;
  /** How long an operation may go without an answer, in milliseconds. Default: 60,000. */
  readonly answerMs?: number;
  /** Most connections at once. Default: 20. */
  readonly maxConnections?: number;
}

/** Store, parking, dead letters and attachments in one database. Closing a part leaves the connection open; close() closes it. */
export interface Mongodb {
  readonly store: Store;
  readonly parking: Parking;
  readonly deadLetters: DeadLetters;
  readonly media: MediaStore;
  /** Brings the schema to a version, up or down, and returns it. store.open() goes to the newest by itself. */
  migrate(options?: MigrateOptions): Promise<number>;
  /** The version of the schema in the database; 0 for none. */
  schemaVersion(): Promise<number>;
  close(): Promise<void>;
}

/**
 * Connects when first used; call store.open() before anything else. Writes are acknowledged by a majority, journalled; reads
 * see only such writes. Throws CONFIG_ADAPTER_MISSING without the package mongodb, CONFIG_INVALID for a malformed connection string.
 */
export async function openMongodb(options: MongodbOptions): Promise<Mongodb> {
  const driver = await loadDriver();
  const client = clientOf(driver, options);
  const db = client.db(options.database ?? databaseIn(options.uri));
  const answer = <T>(work: Promise<T>): Promise<T> => work.catch((error: unknown) => Promise.reject(databaseError(error, `mongodb ${db.databaseName}`)));
  const sizeOf = (document: object) => driver.BSON.calculateObjectSize(document as mongodb.Document, { ignoreUndefined: true });
  return {
    store: mongodbStore({ db, sizeOf }),
    parking: mongodbParking(db, sizeOf),
    deadLetters: mongodbDeadLetters(db, sizeOf),
    media: mongodbMediaStore(db),
    migrate: (to) => answer(migrate(db, to)),
    schemaVersion: () => answer(schemaVersion(db)),
    close: () => client.close(),
  };
}

type MongodbDriver = typeof mongodb;

async function loadDriver(): Promise<MongodbDriver> {
  try {
    return await import('mongodb');
  } catch (error) {
    throw colloquyError('CONFIG_ADAPTER_MISSING', { path: 'mongodb', adapter: 'MongoDB', peer: 'mongodb' }, error);
  }
}

/** The settings of every connection, also of tests that watch it. */
export function clientOptions({ timeoutMs = 5000, answerMs = 60_000, maxConnections = 20 }: Omit<MongodbOptions, 'uri' | 'database'>): mongodb.MongoClientOptions {
  return {
    appName: 'colloquy',
    ignoreUndefined: true,
    writeConcern: { w: 'majority', journal: true },
    readConcern: { level: 'majority' },
    serverSelectionTimeoutMS: timeoutMs,
    connectTimeoutMS: timeoutMs,
    waitQueueTimeoutMS: answerMs,
    socketTimeoutMS: answerMs,
    maxPoolSize: maxConnections,
  };
}

function clientOf({ MongoClient }: MongodbDriver, options: MongodbOptions): mongodb.MongoClient {
  try {
    return new MongoClient(options.uri, clientOptions(options));
  } catch {
    // The driver's text is left out: it may quote the password.
    throw colloquyError('CONFIG_INVALID', { path: 'mongodb.uri', problem: 'found no valid connection string; expected mongodb://host:port/database' });
  }
}

function databaseIn(uri: string): string {
  const named = /^mongodb(?:\+srv)?:\/\/[^/?]+\/([^?]+)/.exec(uri)?.[1];
  return named === undefined ? 'colloquy' : decodeURIComponent(named);
}
