import { colloquyError } from '@colloquy/core';
import type { OpenKafka } from './open-kafka.js';

/** Asks the cluster about a topic over a connection of its own. Throws SOURCE_UNREACHABLE or SOURCE_TOPIC_MISSING. */
export async function probeTopic({ kafka }: OpenKafka, source: string, topic: string): Promise<void> {
  const admin = kafka.admin({ retry: { retries: 0 } });
  try {
    await admin.connect();
    const topics = await admin.listTopics();
    if (topics.includes(topic)) return;
  } catch (error) {
    throw colloquyError('SOURCE_UNREACHABLE', { source }, error);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
  throw colloquyError('SOURCE_TOPIC_MISSING', { source, topic });
}
