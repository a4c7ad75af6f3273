import type { Message, ParkedRecord, SourceRecord } from '@colloquy/core';
import type { OffsetTracker } from './offset-tracker.js';

/** One record on its way from taken to settled. */
export interface Item {
  readonly assignment: Assignment;
  readonly record: SourceRecord;
  /** The conversation. */
  readonly key: string;
  readonly bytes: number;
  /** Epoch milliseconds. */
  readonly takenAtMs: number;
  /** Absent while parked: then it is decoded again at the next try. */
  message: Message | undefined;
  /** Which bound it counts against. */
  held: 'in-flight' | 'parked' | 'none';
  /** True while a worker or a writer has it. */
  isActive: boolean;
  writing: boolean;
  /** Epoch milliseconds of the next try; 0 for one that has not failed. */
  dueAtMs: number;
  attempts: number;
  /** Epoch milliseconds of its first failure, or of its parking behind another. */
  parkedAtMs: number;
  /** Of the last failed try. */
  stage?: string;
  code?: string;
}

/** One stretch of owning a partition. Assigned again, the partition gets a new one. */
export interface Assignment {
  readonly partition: string;
  readonly tracker: OffsetTracker;
  /** Parked messages held in memory, by offset. */
  readonly parked: Map<number, Item>;
  /** `revoking`: nothing new starts, work in flight finishes. `over`: what still comes back is dropped. */
  state: 'owned' | 'revoking' | 'over';
  /** Items somebody works on: a worker or a writer. */
  active: number;
  /** Where another owner would begin: the last offset committed, at first the first one taken. */
  committed: number | undefined;
}

export function newItem(assignment: Assignment, record: SourceRecord, takenAtMs: number, message: Message | undefined): Item {
  const bytes = sizeOf(record);
  const key = message?.conversationId ?? '';
  return { assignment, record, key, bytes, takenAtMs, message, held: 'none', isActive: false, writing: false, dueAtMs: 0, attempts: 0, parkedAtMs: 0 };
}

/** An item as a former owner, or this one before a restart, parked it. */
export function loadedItem(assignment: Assignment, parked: ParkedRecord, takenAtMs: number): Item {
  const { key, record, attempts, stage, code } = parked;
  return {
    assignment,
    record,
    key,
    bytes: sizeOf(record),
    takenAtMs,
    message: undefined,
    held: 'none',
    isActive: false,
    writing: false,
    dueAtMs: attempts === 0 ? 0 : Math.max(1, Date.parse(parked.nextAttemptAt)),
    attempts,
    parkedAtMs: Date.parse(parked.parkedAt),
    ...(stage === undefined ? {} : { stage }),
    ...(code === undefined ? {} : { code }),
  };
}

/** What goes to Parking. `dueAtMs`: of the first of its key. */
export function parkedRecordOf(item: Item, dueAtMs: number): ParkedRecord {
  const { key, record, attempts, stage, code } = item;
  return {
    key,
    record,
    attempts,
    parkedAt: new Date(item.parkedAtMs).toISOString(),
    nextAttemptAt: new Date(dueAtMs).toISOString(),
    ...(stage === undefined ? {} : { stage }),
    ...(code === undefined ? {} : { code }),
  };
}

export function sizeOf({ key, value, headers }: SourceRecord): number {
  let bytes = recordOverheadBytes + (key?.length ?? 0) + (value?.length ?? 0);
  for (const name in headers) bytes += name.length + (headers[name] as string).length;
  return bytes;
}

/** What a record weighs in memory besides its contents, roughly. */
const recordOverheadBytes = 256;
