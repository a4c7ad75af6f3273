import { Kafka, logLevel } from 'kafkajs';
import { MongoClient } from 'mongodb';
import { afterAll, describe, expect, it } from 'vitest';
import { needsService, ownService } from './needs-service.js';

const kafka = await needsService('kafka');
const mongodb = await needsService('mongodb');
const own = await ownService('mongodb');

describe.skipIf(kafka.isAbsent)('Kafka for tests', () => {
  it('answers the real client', async () => {
    const admin = new Kafka({ brokers: kafka.address.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    expect((await admin.describeCluster()).brokers.length).toBeGreaterThan(0);
    await admin.disconnect();
  });
});

describe.skipIf(mongodb.isAbsent)('MongoDB for tests', () => {
  it('answers the real client', async () => {
    const client = new MongoClient(mongodb.address);
    expect(await client.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 });
    await client.close();
  });
});

describe.skipIf(own === undefined)('a service of one test file', () => {
  afterAll(() => own?.stop());

  it('keeps acknowledged writes through SIGKILL and restart, at the same address, and leaves no process behind', async () => {
    if (own === undefined) return;
    const { address, pid } = own;
    const client = new MongoClient(address);
    await client.db('kept').collection<{ _id: string }>('kept').insertOne({ _id: 'one' });
    await own.pause({ hard: true });
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    await own.restart();
    expect(own.pid).not.toBe(pid);
    expect(await client.db('kept').collection<{ _id: string }>('kept').findOne({ _id: 'one' })).toEqual({ _id: 'one' });
    await client.close();
  });
});
