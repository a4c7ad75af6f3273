import { colloquyError, silentLogger, type Logger, type SourceListener, type SourceRecord } from '@colloquy/core';
import type { Consumer, EachBatchPayload, KafkaMessage, PartitionAssigner } from 'kafkajs';
import { decodeHeaders } from './header-text.js';
import type { OpenKafka } from './open-kafka.js';

export interface GroupMemberOptions {
  readonly opened: OpenKafka;
  readonly name: string;
  readonly topic: string;
  readonly groupId: string;
  readonly fromBeginning: boolean;
  readonly sessionTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly maxBatchRecords: number;
  readonly listener: SourceListener;
  readonly logger?: Logger;
  /** Aborted by stop(): no more records from then on, though the membership, and with it the commits, go on. */
  readonly stopped: AbortSignal;
}

/** One membership in the consumer group, from joining to leaving or failing. */
export interface GroupMember {
  /** Resolves when the group has been joined; rejects where it cannot. */
  join(): Promise<void>;
  /** Rejects when the membership is lost for good, with the listener's own error where that was the cause; never resolves. */
  readonly failed: Promise<never>;
  commit(offsets: ReadonlyMap<string, number>): Promise<void>;
  /** Gives the partitions back, with revoked() for those it had unless `isQuiet`, and leaves the group. */
  leave(options?: { readonly isQuiet?: boolean }): Promise<void>;
}

/** An error thrown by the listener; it is the caller's, not Kafka's. */
export class ListenerFailure extends Error {
  constructor(cause: unknown) {
    super('The listener of the source threw.', { cause });
    this.name = 'ListenerFailure';
  }
}

export function createGroupMember(options: GroupMemberOptions): GroupMember {
  const { topic, listener, stopped, logger = silentLogger, name } = options;
  const ending = new AbortController();
  const failure = createFailure(() => ending.abort());
  const told = async (act: () => Promise<void>) => {
    try {
      await act();
    } catch (error) {
      failure.reject(new ListenerFailure(error));
    }
  };
  let owned: ReadonlySet<string> = new Set();
  let isRejoining = false;
  let generation: Generation = { isTold: false };
  let givingBack = Promise.resolve();
  let assigning = Promise.resolve();
  let delivering = Promise.resolve();
  let committing: Promise<unknown> = Promise.resolve();

  /** Before every join, for only from then on the partitions may go to another member. Bounded, or the session would end. */
  const giveBack = async () => {
    isRejoining = true;
    if (owned.size === 0) return;
    const partitions = [...owned];
    const { isTold } = generation;
    generation = { isTold: false };
    const revoked = isTold ? Promise.all([told(() => listener.revoked(partitions)), assigning]).then(() => delivering) : givingBack;
    givingBack = revoked;
    const isInTime = await within(revoked, options.sessionTimeoutMs * revokeShare);
    if (!isInTime) logger.warn('source.revoke_late', { source: name, partitions: partitions.length });
    owned = new Set();
  };

  /** Only after the revoked() before it has ended, however late; by then they may have gone again. */
  const tellAssigned = async (partitions: readonly string[], mine: Generation) => {
    if (stopped.aborted || mine !== generation) return;
    mine.isTold = true;
    await told(() => listener.assigned(partitions));
  };

  const consumer = createConsumer(options, giveBack);
  consumer.on(consumer.events.CRASH, ({ payload }) => failure.reject(payload.error));
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    const partitions = (payload.memberAssignment[topic] ?? []).map((number) => `${topic}/${number}`);
    owned = new Set(partitions);
    isRejoining = false;
    logger.info('source.joined', { source: name, partitions: partitions.length });
    const mine: Generation = { isTold: false };
    generation = mine;
    if (partitions.length > 0) assigning = givingBack.then(() => tellAssigned(partitions, mine));
  });

  const eachBatch = async ({ batch, heartbeat, resolveOffset }: EachBatchPayload) => {
    const mine = generation;
    const mayDeliver = () => mine.isTold && mine === generation && !stopped.aborted && !ending.signal.aborted && !isRejoining;
    const beat = async () => {
      try {
        await heartbeat();
      } catch (error) {
        if (!needsRejoin(error)) return failure.reject(error);
        isRejoining = true;
        throw error;
      }
    };
    const isOver = AbortSignal.any([stopped, ending.signal]);
    await beating(assigning, { beat, everyMs: options.heartbeatMs, isOver });
    for (let from = 0; from < batch.messages.length && mayDeliver(); from += options.maxBatchRecords) {
      const messages = batch.messages.slice(from, from + options.maxBatchRecords);
      const partition = `${topic}/${batch.partition}`;
      delivering = told(() => listener.records(messages.map((message) => toRecord(partition, message))));
      const isTaken = await beating(delivering, { beat, everyMs: options.heartbeatMs, isOver });
      if (!isTaken || ending.signal.aborted) return;
      resolveOffset((messages.at(-1) as KafkaMessage).offset);
    }
  };

  const commitOwned = async (offsets: ReadonlyMap<string, number>) => {
    const lost = [...offsets.keys()].filter((partition) => !owned.has(partition));
    const kept = [...offsets].filter(([partition]) => owned.has(partition));
    if (kept.length > 0) await commitOffsets(consumer, topic, kept, name);
    if (lost.length > 0) throw colloquyError('SOURCE_PARTITION_LOST', { source: name, partitions: lost.join(', ') });
  };

  stopped.addEventListener('abort', () => pauseAll(consumer, topic), { once: true });
  return {
    failed: failure.promise,
    join: async () => {
      await consumer.connect();
      await consumer.subscribe({ topics: [topic], fromBeginning: options.fromBeginning });
      await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch });
      if (stopped.aborted) pauseAll(consumer, topic);
    },
    commit: (offsets) => {
      const committed = committing.then(() => commitOwned(offsets));
      committing = committed.catch(() => undefined);
      return committed;
    },
    leave: async ({ isQuiet = false } = {}) => {
      ending.abort();
      if (!isQuiet) await giveBack();
      await consumer.disconnect().catch(() => undefined);
    },
  };
}

/** One stretch between two joins. */
interface Generation {
  /** The listener was told of the partitions it brought. */
  isTold: boolean;
}

/** The part of the session that revoked() may take. */
const revokeShare = 0.7;

/**
 * kafkajs joins again without asking. Its first act is to look for the group's coordinator, on the cluster it hands to the
 * assigner: that is where it is made to wait.
 */
function createConsumer(options: GroupMemberOptions, beforeJoin: () => Promise<void>): Consumer {
  const { kafka, driver } = options.opened;
  const assigner: PartitionAssigner = (config) => {
    const find = config.cluster.findGroupCoordinator.bind(config.cluster);
    config.cluster.findGroupCoordinator = async (group) => {
      await beforeJoin();
      return find(group);
    };
    return driver.PartitionAssigners.roundRobin(config);
  };
  return kafka.consumer({
    groupId: options.groupId,
    partitionAssigners: [assigner],
    sessionTimeout: options.sessionTimeoutMs,
    heartbeatInterval: options.heartbeatMs,
    maxWaitTimeInMs: 500,
    allowAutoTopicCreation: false,
    retry: { initialRetryTime: 100, maxRetryTime: 2000, retries: 5, restartOnFailure: async () => false },
  });
}

/** Waits for the work with heartbeats going on. False where it was given up because all is over. */
async function beating(work: Promise<void>, options: { beat(): Promise<void>; readonly everyMs: number; readonly isOver: AbortSignal }): Promise<boolean> {
  const done = work.then(() => true);
  for (;;) {
    if (options.isOver.aborted) return false;
    const outcome = await settledWithin(done, options.everyMs, options.isOver);
    if (outcome !== undefined) return outcome;
    if (!options.isOver.aborted) await options.beat();
  }
}

function settledWithin<T>(work: Promise<T>, timeoutMs: number, signal?: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
    };
    const giveUp = () => {
      end();
      resolve(undefined);
    };
    const timer = setTimeout(giveUp, timeoutMs);
    signal?.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject).finally(end);
  });
}

async function within(work: Promise<void>, timeoutMs: number): Promise<boolean> {
  return (await settledWithin(work.then(() => true), timeoutMs)) ?? false;
}

/** kafkajs resolves a commit that it did not send because it is shutting down; only its event tells. */
async function commitOffsets(consumer: Consumer, topic: string, offsets: readonly (readonly [string, number])[], name: string): Promise<void> {
  let isCommitted = false;
  const forget = consumer.on(consumer.events.COMMIT_OFFSETS, () => {
    isCommitted = true;
  });
  try {
    await consumer.commitOffsets(offsets.map(([partition, offset]) => ({ topic, partition: Number(partition.slice(topic.length + 1)), offset: String(offset) })));
  } catch (error) {
    throw colloquyError('SOURCE_UNREACHABLE', { source: name }, error);
  } finally {
    forget();
  }
  if (!isCommitted) throw colloquyError('SOURCE_UNREACHABLE', { source: name });
}

function pauseAll(consumer: Consumer, topic: string): void {
  try {
    consumer.pause([{ topic }]);
  } catch {
    // It is not running: then nothing is fetched either.
  }
}

const rejoinTypes = ['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'NOT_COORDINATOR_FOR_GROUP', 'UNKNOWN_MEMBER_ID'];

function needsRejoin(error: unknown): boolean {
  return rejoinTypes.includes((error as { type?: string }).type ?? '');
}

/** Copies, since the driver's buffers are views into a whole fetched batch and would keep it in memory. */
function toRecord(partition: string, { offset, key, value, headers, timestamp }: KafkaMessage): SourceRecord {
  return {
    partition,
    offset: Number(offset),
    key: key === null ? undefined : new Uint8Array(key),
    value: value === null ? undefined : new Uint8Array(value),
    headers: decodeHeaders(headers),
    at: new Date(Math.max(0, Number(timestamp))).toISOString(),
  };
}

function createFailure(onFailure: () => void): { readonly promise: Promise<never>; reject(error: unknown): void } {
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<never>((_, rejected) => {
    reject = (error) => {
      rejected(error);
      onFailure();
    };
  });
  promise.catch(() => undefined);
  return { promise, reject };
}
