import { colloquyError, silentLogger, systemClock, type Clock, type Source, type SourceListener } from '@colloquy/core';
import { createGroupMember, ListenerFailure, type GroupMember } from './group-member.js';
import { openKafka, type KafkaConnection } from './open-kafka.js';
import { probeTopic } from './probe-topic.js';

export interface KafkaSourceOptions extends KafkaConnection {
  readonly topic: string;
  /** Members of one group share the topic's partitions. */
  readonly groupId: string;
  /** Where a group that never committed starts: at the oldest record, or only at new ones. Default: true. */
  readonly fromBeginning?: boolean;
  /** After so long without a sign of life the group gives the partitions to others. Default: 30,000. */
  readonly sessionTimeoutMs?: number;
  /** Default: 3,000, and at most a third of the session. */
  readonly heartbeatMs?: number;
  /** Most records of one call of listener.records. Default: 256. */
  readonly maxBatchRecords?: number;
  readonly clock?: Clock;
}

/**
 * A consumer group's share of a topic. Offsets are committed by commit() alone; heartbeats go on while the listener is busy.
 * Rebalances are eager: before each the listener has all its partitions revoked. A lost connection is tried again for ever.
 * A commit for a partition this member no longer has rejects with SOURCE_PARTITION_LOST: its new owner reads it again.
 * run() rejects only with what the listener itself threw.
 */
export async function kafkaSource(options: KafkaSourceOptions): Promise<Source> {
  const { topic, groupId, logger = silentLogger, clock = systemClock, sessionTimeoutMs = 30_000 } = options;
  const opened = await openKafka(options);
  const name = `kafka topic ${topic}`;
  const stopping = new AbortController();
  const stopped = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve(), { once: true }));
  let member: GroupMember | undefined;
  let leaving: Promise<void> = Promise.resolve();

  const memberFor = (listener: SourceListener) =>
    createGroupMember({
      opened,
      name,
      topic,
      groupId,
      listener,
      logger,
      sessionTimeoutMs,
      fromBeginning: options.fromBeginning ?? true,
      heartbeatMs: Math.min(options.heartbeatMs ?? 3000, Math.floor(sessionTimeoutMs / 3)),
      maxBatchRecords: options.maxBatchRecords ?? 256,
      stopped: stopping.signal,
    });

  /** One membership; how long it lasted in milliseconds when it is lost. Not left where stop() ended it: commits still come. */
  const takePart = async (listener: SourceListener): Promise<number> => {
    const current = memberFor(listener);
    member = current;
    const from = clock.now();
    const joined = current.join();
    try {
      await Promise.race([joined.then(() => current.failed), current.failed, stopped]);
    } catch (error) {
      joined.catch(() => undefined);
      leaving = current.leave();
      await leaving;
      member = undefined;
      if (error instanceof ListenerFailure) throw error.cause;
      logger.warn('source.lost', { source: name, error: (error as Error).name });
    }
    return clock.now() - from;
  };

  return {
    name,
    run: async (listener) => {
      for (let failures = 0; !stopping.signal.aborted; failures++) {
        const lastedMs = await takePart(listener);
        if (lastedMs > steadyMs) failures = 0;
        if (!stopping.signal.aborted) await clock.sleep(backoffMs(failures), stopping.signal);
      }
    },
    commit: async (offsets) => {
      if (offsets.size === 0) return;
      if (member === undefined) throw colloquyError('SOURCE_UNREACHABLE', { source: name });
      await member.commit(offsets);
    },
    stop: async () => stopping.abort(),
    check: () => probeTopic(opened, name, topic),
    close: async () => {
      stopping.abort();
      await leaving;
      await member?.leave({ isQuiet: true });
      member = undefined;
    },
  };
}

/** A membership that lasted so long was a success: the next wait is short again. */
const steadyMs = 60_000;
const longestWaitMs = 15_000;

function backoffMs(failures: number): number {
  return Math.min(longestWaitMs, 250 * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2);
}
