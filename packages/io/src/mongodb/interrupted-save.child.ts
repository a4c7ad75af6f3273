// Saves the messages given as JSON and ends itself by SIGKILL after the given step: no handler, no flush, as when the power goes.
import type { StoredMessage } from '@colloquy/core';
import { BSON, MongoClient } from 'mongodb';
import { mongodbStore } from './mongodb-store.js';
import { clientOptions } from './open-mongodb.js';

const [uri = '', database, step, messages = '[]'] = process.argv.slice(2);
const store = mongodbStore({
  db: new MongoClient(uri, clientOptions({})).db(database),
  sizeOf: (document) => BSON.calculateObjectSize(document),
  afterStep: async (done) => {
    if (done === step) process.kill(process.pid, 'SIGKILL');
  },
});
await store.save(JSON.parse(messages) as StoredMessage[]);
process.exit(0);
