import { colloquyError, compareKeys, participantsLength, recentLength, type StoredMessage } from '@colloquy/core';
import type { AnyBulkWriteOperation, Document } from 'mongodb';
import { indexes, type Collections } from './collections.js';
import { databaseError, isRace, refusalOf, writeFailures } from './database-error.js';
import { messageDocument, messageOf, summaryParts, type ConversationDocument, type MessageDocument, type SummaryParts } from './documents.js';

/** The writes of a save, in order. After each the process may end and the same save, later, comes to the same state. */
export type SaveStep = 'inserted' | 'counted' | 'advanced' | 'marked';

export interface SaveOptions {
  readonly collections: Collections;
  readonly store: string;
  /** Size of a document in BSON, in bytes. */
  sizeOf(document: object): number;
  /** Awaited after each step, for tests that end the process there. */
  readonly afterStep?: (step: SaveStep) => Promise<void>;
}

/**
 * Stores messages and counts each once in its conversation's summary, whatever was interrupted before and whoever saves the
 * same at the same time. Rejects with STORE_REFUSED naming the first message that cannot be stored; the others are.
 */
export async function saveMessages(options: SaveOptions, messages: readonly StoredMessage[]): Promise<void> {
  const { collections, afterStep = async () => undefined } = options;
  const refused = new Map<string, string>();
  const pending = await insertMissing(options, messages, refused);
  await afterStep('inserted');
  if (pending.length > 0) {
    const known = await knownConversations(collections, pending);
    await countOnce(collections, pending, known, refused);
    await afterStep('counted');
    await advance(collections, pending, known, refused);
    await afterStep('advanced');
    const counted = pending.map(({ id }) => id).filter((id) => !refused.has(id));
    await collections.messages.updateMany({ _id: { $in: counted } }, { $set: { summarised: true } });
  }
  await afterStep('marked');
  for (const [id, problem] of refused) throw colloquyError('STORE_REFUSED', { id, problem });
}

/** Inserts what is not there; returns, in order, the stored form of all that no summary counts for certain. */
async function insertMissing(options: SaveOptions, messages: readonly StoredMessage[], refused: Map<string, string>): Promise<readonly StoredMessage[]> {
  const { messages: collection } = options.collections;
  const given = new Map<string, StoredMessage>();
  for (const message of messages) if (!given.has(message.id)) given.set(message.id, message);
  const ids = [...given.keys()];
  const states = await collection.find({ _id: { $in: ids } }, { projection: { summarised: 1 } }).toArray();
  const isSummarised = new Map(states.map(({ _id, summarised }) => [_id, summarised]));
  const fresh = [...given.values()].filter(({ id }) => !isSummarised.has(id)).map(messageDocument).filter((document) => fits(document, options, refused));
  const elsewhere = await insert(options, fresh, refused);
  const interrupted = [...isSummarised].flatMap(([id, summarised]) => (summarised ? [] : [id]));
  const reread = [...interrupted, ...elsewhere];
  // What lies in the database counts, not what came now: the same message may have been enriched differently before.
  const stored = reread.length === 0 ? [] : await collection.find({ _id: { $in: reread } }).toArray();
  const fromDatabase = new Map(stored.map((document) => [document._id, document]));
  const own = new Set(fresh.map(({ _id }) => _id));
  return ids.flatMap((id) => {
    const found = fromDatabase.get(id);
    if (found !== undefined) return found.summarised ? [] : [messageOf(found)];
    return own.has(id) && !refused.has(id) ? [given.get(id) as StoredMessage] : [];
  });
}

const maxDocumentBytes = 16 * 1024 * 1024 - 16_384;

function fits(document: MessageDocument, { sizeOf }: SaveOptions, refused: Map<string, string>): boolean {
  if (sizeOf(document) <= maxDocumentBytes) return true;
  refused.set(document._id, 'it is larger than 16 MB');
  return false;
}

/** The ids that another writer inserted first. */
async function insert({ collections, store }: SaveOptions, documents: readonly MessageDocument[], refused: Map<string, string>): Promise<readonly string[]> {
  if (documents.length === 0) return [];
  const elsewhere: string[] = [];
  try {
    await collections.messages.insertMany([...documents], { ordered: false });
  } catch (error) {
    for (const { index, code } of writeFailures(error) ?? raise(error)) {
      const { _id } = documents[index] as MessageDocument;
      const problem = refusalOf(code);
      if (problem !== undefined) refused.set(_id, problem);
      else if (isRace(code)) elsewhere.push(_id);
      else throw databaseError(error, store);
    }
  }
  return elsewhere;
}

type Known = Pick<ConversationDocument, '_id' | 'last' | 'lastIntent' | 'participants'>;

/** Summaries that exist. They may be older than the newest; last activity and participants only ever grow, so that is safe. */
async function knownConversations({ conversations }: Collections, pending: readonly StoredMessage[]): Promise<Map<string, Known>> {
  const ids = [...new Set(pending.map(({ conversationId }) => conversationId))];
  const found = await conversations.find({ _id: { $in: ids } }, { projection: { last: 1, lastIntent: 1, 'participants.id': 1 } }).toArray();
  return new Map(found.map((document) => [document._id, document]));
}

/** Adds each message to its summary unless the summary's ring of recent messages has it. */
async function countOnce(collections: Collections, pending: readonly StoredMessage[], known: ReadonlyMap<string, Known>, refused: Map<string, string>): Promise<void> {
  const exists = new Set(known.keys());
  let rest = pending;
  let races = 0;
  while (rest.length > 0) {
    try {
      await collections.conversations.bulkWrite(rest.map((message) => countOperation(message, !exists.has(message.conversationId))), { ordered: true });
      return;
    } catch (error) {
      const [failure] = writeFailures(error) ?? raise(error);
      const { index, code } = failure as { readonly index: number; readonly code: number };
      const message = rest[index] as StoredMessage;
      const problem = refusalOf(code);
      if (problem !== undefined) refused.set(message.id, problem);
      else if (!isRace(code) || ++races > maxRaces + pending.length) throw error;
      // A duplicate key says that the conversation exists by now; from then on it is only updated.
      exists.add(message.conversationId);
      rest = rest.slice(problem === undefined ? index : index + 1);
    }
  }
}

const maxRaces = 100;

function countOperation(message: StoredMessage, mayInsert: boolean): AnyBulkWriteOperation<ConversationDocument> {
  const { facets, last, lastIntent, recent } = summaryParts(message);
  const isInbound = message.direction === 'inbound';
  const update: Document = {
    $inc: {
      'counts.messages': 1,
      'counts.inbound': isInbound ? 1 : 0,
      'counts.outbound': isInbound ? 0 : 1,
      'counts.media': message.media.length,
      'counts.faults': message.faults.length,
      revision: 1,
    },
    $push: { recent: { $each: [recent], $slice: -recentLength } },
    $addToSet: { facets: { $each: facets } },
    $min: { firstAt: new Date(message.at) },
    ...(mayInsert ? { $setOnInsert: { last, participants: [message.author], ...(lastIntent === undefined ? {} : { lastIntent }) } } : {}),
  };
  return { updateOne: { filter: { _id: message.conversationId, 'recent.id': { $ne: message.id } }, update, upsert: mayInsert, hint: indexes.id } };
}

/** Participants, and the "last" fields by (at, id): each update has its own condition, so that repeating it changes nothing. */
async function advance(collections: Collections, pending: readonly StoredMessage[], known: ReadonlyMap<string, Known>, refused: ReadonlyMap<string, string>): Promise<void> {
  const byConversation = groupByConversation(pending);
  const operations = [...byConversation].flatMap(([id, messages]) => advanceOperations(id, messages.filter((message) => !refused.has(message.id)), known.get(id)));
  for (let races = 0, rest = operations; rest.length > 0; races++) {
    try {
      await collections.conversations.bulkWrite([...rest], { ordered: false });
      return;
    } catch (error) {
      const failures = writeFailures(error) ?? raise(error);
      if (races > maxRaces || !failures.every(({ code }) => isRace(code))) throw error;
      rest = failures.flatMap(({ index }) => rest[index] ?? []);
    }
  }
}

function groupByConversation(messages: readonly StoredMessage[]): Map<string, StoredMessage[]> {
  const groups = new Map<string, StoredMessage[]>();
  for (const message of messages) groups.set(message.conversationId, [...(groups.get(message.conversationId) ?? []), message]);
  return groups;
}

function advanceOperations(id: string, messages: readonly StoredMessage[], known: Known | undefined): readonly AnyBulkWriteOperation<ConversationDocument>[] {
  const parts = messages.map(summaryParts);
  const last = newest(parts.map((part) => part.last));
  const lastIntent = newest(parts.map((part) => part.lastIntent));
  const authors = new Map(messages.map(({ author }) => [author.id, author]).reverse() as [string, StoredMessage['author']][]);
  for (const { id: present } of known?.participants ?? []) authors.delete(present);
  const set = (filter: Document, $set: Document) => ({ updateOne: { filter: { _id: id, ...filter }, update: { $set }, hint: indexes.id } });
  return [
    ...[...authors.values()].reverse().map((author) => ({
      updateOne: {
        filter: { _id: id, 'participants.id': { $ne: author.id }, [`participants.${participantsLength - 1}`]: { $exists: false } },
        update: { $push: { participants: author } },
        hint: indexes.id,
      },
    })),
    ...(last === undefined || !isNewer(last, known?.last) ? [] : [set(olderThan('last', last), { last })]),
    ...(lastIntent === undefined || !isNewer(lastIntent, known?.lastIntent) ? [] : [set(olderThan('lastIntent', lastIntent), { lastIntent })]),
  ] as readonly AnyBulkWriteOperation<ConversationDocument>[];
}

interface Dated {
  readonly at: Date;
  readonly id: string;
}

function olderThan(field: 'last' | 'lastIntent', { at, id }: Dated): Document {
  return { $or: [{ [field]: { $exists: false } }, { [`${field}.at`]: { $lt: at } }, { [`${field}.at`]: at, [`${field}.id`]: { $lt: id } }] };
}

function newest<T extends SummaryParts['last'] | SummaryParts['lastIntent']>(items: readonly T[]): T | undefined {
  return items.reduce<T | undefined>((best, item) => (item !== undefined && isNewer(item, best) ? item : best), undefined);
}

function isNewer(item: Dated, than: Dated | undefined): boolean {
  const keyOf = ({ at, id }: Dated) => ({ at: at.toISOString(), id });
  return than === undefined || compareKeys(keyOf(item), keyOf(than)) > 0;
}

function raise(error: unknown): never {
  throw error;
}
