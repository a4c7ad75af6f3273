import { silentLogger } from '@colloquy/core';
import { openKafka, type KafkaConnection } from './open-kafka.js';
import { topicsError } from './topics-error.js';

export interface TopicSpec {
  readonly topic: string;
  /** Default: 12. More than one consumer can ever use is fine; it cannot grow later without moving keys. */
  readonly partitions?: number;
  /** Default: what the cluster has set, for production 3. */
  readonly replicas?: number;
}

export interface EnsureTopicsOptions extends KafkaConnection {
  readonly topics: readonly TopicSpec[];
}

export interface EnsuredTopic {
  readonly topic: string;
  readonly partitions: number;
  readonly isNew: boolean;
}

/**
 * Makes the topics that are missing, as often as called. A topic that is there stays as it is: another number of partitions
 * would send a conversation's messages to two of them. Throws SOURCE_UNREACHABLE, SOURCE_DENIED or SOURCE_TOPIC_REFUSED.
 */
export async function ensureTopics({ topics, ...connection }: EnsureTopicsOptions): Promise<readonly EnsuredTopic[]> {
  const { logger = silentLogger, brokers } = connection;
  const { kafka } = await openKafka(connection);
  const admin = kafka.admin();
  try {
    await admin.connect();
    const existing = new Set(await admin.listTopics());
    const missing = topics.filter(({ topic }) => !existing.has(topic));
    if (missing.length > 0) await admin.createTopics({ topics: missing.map(asConfig), waitForLeaders: true });
    const { topics: found } = await admin.fetchTopicMetadata({ topics: topics.map(({ topic }) => topic) });
    return topics.map(({ topic, partitions: wanted = defaultPartitions }) => {
      const partitions = found.find(({ name }) => name === topic)?.partitions.length ?? wanted;
      if (partitions !== wanted) logger.warn('kafka.topic_differs', { topic, partitions, wanted });
      return { topic, partitions, isNew: !existing.has(topic) };
    });
  } catch (error) {
    throw topicsError(error, `Kafka at ${brokers.join(', ')}`);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

const defaultPartitions = 12;

function asConfig({ topic, partitions = defaultPartitions, replicas }: TopicSpec) {
  return { topic, numPartitions: partitions, ...(replicas === undefined ? {} : { replicationFactor: replicas }) };
}
