import { facetsOf, lastOf, recentOf, type ConversationSummary, type DeadLetter, type ParkedRecord, type SourceRecord, type StoredMessage } from '@colloquy/core';
import type { Binary } from 'mongodb';
import { readKeys, writeKeys } from './stored-keys.js';

/** A message as it lies in the collection `messages`. */
export interface MessageDocument extends Omit<StoredMessage, 'id' | 'at' | 'enrichedAt'> {
  readonly _id: string;
  readonly at: Date;
  readonly enrichedAt: Date;
  /** False until the summary of its conversation counts it. */
  readonly summarised: boolean;
}

type Last = ConversationSummary['last'];
type LastIntent = NonNullable<ConversationSummary['lastIntent']>;
type Dated<T extends { readonly at: string }> = Omit<T, 'at'> & { readonly at: Date };

/** A summary as it lies in the collection `conversations`. */
export interface ConversationDocument extends Omit<ConversationSummary, 'id' | 'firstAt' | 'last' | 'lastIntent' | 'recent'> {
  readonly _id: string;
  readonly firstAt: Date;
  readonly last: Dated<Last>;
  readonly lastIntent?: Dated<LastIntent>;
  readonly recent: readonly Dated<ConversationSummary['recent'][number]>[];
  /** Grows with every counted message, so that a summary made anew does not overwrite a newer one. */
  readonly revision: number;
}

interface RecordDocument extends Omit<SourceRecord, 'key' | 'value'> {
  readonly key?: Binary | Uint8Array;
  readonly value?: Binary | Uint8Array;
}

export interface ParkedDocument extends Omit<ParkedRecord, 'record'> {
  /** `partition@offset`. */
  readonly _id: string;
  readonly record: RecordDocument;
}

export interface DeadLetterDocument extends Omit<DeadLetter, 'id' | 'deadAt' | 'record'> {
  readonly _id: string;
  readonly deadAt: Date;
  readonly record: RecordDocument;
}

export function messageDocument({ id, at, enrichedAt, ann, meta, ...message }: StoredMessage): MessageDocument {
  return { _id: id, ...message, at: new Date(at), enrichedAt: new Date(enrichedAt), ann: writeKeys(ann), meta: writeKeys(meta), summarised: false };
}

export function messageOf({ _id, at, enrichedAt, ann, meta, summarised: _, ...message }: MessageDocument): StoredMessage {
  return { id: _id, ...message, at: at.toISOString(), enrichedAt: enrichedAt.toISOString(), ann: readKeys(ann), meta: readKeys(meta) };
}

export function conversationDocument({ id, firstAt, last, lastIntent, recent, ...summary }: ConversationSummary, revision: number): ConversationDocument {
  return { _id: id, ...summary, firstAt: new Date(firstAt), last: dated(last), ...(lastIntent === undefined ? {} : { lastIntent: dated(lastIntent) }), recent: recent.map(dated), revision };
}

export function summaryOfDocument({ _id, revision: _, firstAt, last, lastIntent, recent, participants, facets, ...rest }: ConversationDocument): ConversationSummary {
  return {
    id: _id,
    ...rest,
    participants: [...participants].sort((a, b) => (a.id < b.id ? -1 : 1)),
    firstAt: firstAt.toISOString(),
    last: undated(last),
    ...(lastIntent === undefined ? {} : { lastIntent: undated(lastIntent) }),
    facets: [...facets].sort(),
    recent: recent.map(undated),
  };
}

export interface SummaryParts {
  readonly facets: readonly string[];
  readonly last: Dated<Last>;
  readonly lastIntent: Dated<LastIntent> | undefined;
  readonly recent: Dated<ConversationSummary['recent'][number]>;
}

/** What a message adds to the summary of its conversation, beside the counts. */
export function summaryParts(message: StoredMessage): SummaryParts {
  const intent = message.direction === 'inbound' ? message.ann.intent?.name : undefined;
  return {
    facets: facetsOf(message),
    last: dated(lastOf(message)),
    lastIntent: intent === undefined ? undefined : dated({ at: message.at, id: message.id, name: intent }),
    recent: dated(recentOf(message)),
  };
}

export function parkedDocument(parked: ParkedRecord): ParkedDocument {
  return { _id: parkedId(parked.record), ...parked, record: recordDocument(parked.record) };
}

export function parkedId({ partition, offset }: Pick<SourceRecord, 'partition' | 'offset'>): string {
  return `${partition}@${offset}`;
}

export function parkedOf({ _id: _, record, ...parked }: ParkedDocument): ParkedRecord {
  return { ...parked, record: recordOf(record) };
}

export function deadLetterDocument({ id, deadAt, record, ...letter }: DeadLetter): DeadLetterDocument {
  return { _id: id, ...letter, deadAt: new Date(deadAt), record: recordDocument(record) };
}

export function deadLetterOf({ _id, deadAt, record, ...letter }: DeadLetterDocument): DeadLetter {
  return { id: _id, ...letter, deadAt: deadAt.toISOString(), record: recordOf(record) };
}

function recordDocument({ key, value, headers, ...record }: SourceRecord): RecordDocument {
  return { ...record, headers: writeKeys(headers), ...(key === undefined ? {} : { key }), ...(value === undefined ? {} : { value }) };
}

function recordOf({ key, value, headers, ...record }: RecordDocument): SourceRecord {
  return { ...record, headers: readKeys(headers), key: bytesOf(key), value: bytesOf(value) };
}

/** A copy without the driver's class and the buffer it was read into. */
export function bytesOf(stored: Binary | Uint8Array | undefined): Uint8Array | undefined {
  if (stored === undefined) return undefined;
  return new Uint8Array(stored instanceof Uint8Array ? stored : stored.buffer.subarray(0, stored.position));
}

/** `at` and `id` come first: the database compares documents field by field in this order. */
function dated<T extends { readonly at: string; readonly id: string }>({ at, id, ...rest }: T): Dated<T> {
  return { at: new Date(at), id, ...rest } as unknown as Dated<T>;
}

function undated<T extends { readonly at: string }>(item: Dated<T>): T {
  return { ...item, at: item.at.toISOString() } as unknown as T;
}
