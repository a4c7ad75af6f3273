import { createServer, type AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { ensureTopics } from './ensure-topics.js';
import { topicsError } from './topics-error.js';

type Make = new (...args: unknown[]) => Error;
const require = createRequire(import.meta.url);
const driver = require('kafkajs/src/errors') as Record<'KafkaJSCreateTopicError' | 'KafkaJSAggregateError' | 'KafkaJSNumberOfRetriesExceeded' | 'KafkaJSSASLAuthenticationError' | 'KafkaJSProtocolError', Make>;
const { createErrorFromCode } = require('kafkajs/src/protocol/error') as { createErrorFromCode(code: number): Error };

const ofTopic = (code: number) => new driver.KafkaJSAggregateError('Topic creation errors', [new driver.KafkaJSCreateTopicError(createErrorFromCode(code), 'inbound')]);

describe('topicsError', () => {
  it.each([
    [37, 'INVALID_PARTITIONS'],
    [38, 'INVALID_REPLICATION_FACTOR'],
    [17, 'INVALID_TOPIC_EXCEPTION'],
    [44, 'POLICY_VIOLATION'],
  ])('refuses to go on for protocol error %d, %s', (code, problem) => {
    expect(topicsError(ofTopic(code), 'Kafka')).toMatchObject({ code: 'SOURCE_TOPIC_REFUSED', kind: 'config', details: { topic: 'inbound', problem } });
  });

  it('refuses to go on for credentials and rights', () => {
    expect(topicsError(new driver.KafkaJSSASLAuthenticationError('no'), 'Kafka')).toMatchObject({ code: 'SOURCE_DENIED', kind: 'config', details: { problem: 'SASL_AUTHENTICATION_FAILED' } });
    expect(topicsError(ofTopic(29), 'Kafka')).toMatchObject({ code: 'SOURCE_DENIED', details: { problem: 'TOPIC_AUTHORIZATION_FAILED' } });
    const wrapped = new driver.KafkaJSNumberOfRetriesExceeded(createErrorFromCode(31), { retryCount: 1, retryTime: 1 });
    expect(topicsError(wrapped, 'Kafka')).toMatchObject({ code: 'SOURCE_DENIED', details: { problem: 'CLUSTER_AUTHORIZATION_FAILED' } });
  });

  it.each([7, 8, 41, 36])('lets protocol error %d pass', (code) => {
    expect(topicsError(ofTopic(code), 'Kafka')).toMatchObject({ code: 'SOURCE_UNREACHABLE', kind: 'transient' });
  });
});

describe('ensureTopics', () => {
  it('calls a broker that is not there a passing trouble', { timeout: 30_000 }, async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    await new Promise((done) => server.close(done));
    await expect(ensureTopics({ brokers: [`127.0.0.1:${port}`], connectTimeoutMs: 200, topics: [{ topic: 't' }] })).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
  });
});
