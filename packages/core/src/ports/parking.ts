import type { SourceRecord } from './source.js';

/** A message that waits because it, or an earlier one of its conversation, failed for a passing reason. */
export interface ParkedRecord {
  readonly key: string;
  readonly record: SourceRecord;
  /** Tries so far; 0 for one that only queues behind another. */
  readonly attempts: number;
  /** ISO 8601. */
  readonly parkedAt: string;
  readonly nextAttemptAt: string;
  readonly stage?: string;
  readonly code?: string;
}

/** Parked messages, durable. A message is identified by (record.partition, record.offset); order within a key is by offset. */
export interface Parking {
  /** Adds or replaces, in the order given: whatever breaks in between, an earlier one is there where a later one is. Durable when it resolves. */
  park(records: readonly ParkedRecord[]): Promise<void>;
  /** All parked messages of these partitions, by partition, then offset. */
  load(partitions: readonly string[]): Promise<readonly ParkedRecord[]>;
  remove(records: readonly Pick<SourceRecord, 'partition' | 'offset'>[]): Promise<void>;
  count(): Promise<number>;
  check(): Promise<void>;
  close(): Promise<void>;
}
