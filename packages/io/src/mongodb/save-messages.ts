import { colloquyError, participantsLength, recentLength, type StoredMessage } from '@colloquy/core';
import type { AnyBulkWriteOperation, Document } from 'mongodb';
import { indexes, type Collections } from './collections.js';
import { databaseError, isRace, refusalOf, writeFailures } from './database-error.js';
import { maxDocumentBytes, tooLarge, type SizeOf } from './document-size.js';
import { messageDocument, messageOf, summaryParts, type ConversationDocument, type MessageDocument } from './documents.js';

/** The writes of a save, in order. After each the process may end and the same save, later, comes to the same state. */
type SaveStep = 'inserted' | 'counted' | 'joined' | 'marked';

export interface SaveOptions {
  readonly collections: Collections;
  readonly store: string;
  readonly sizeOf: SizeOf;
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
    const known = await knownParticipants(collections, pending);
    await countOnce(collections, pending, known, refused);
    await afterStep('counted');
    const counted = pending.filter(({ id }) => !refused.has(id));
    await addParticipants(collections, counted, known);
    await afterStep('joined');
    await collections.messages.updateMany({ _id: { $in: counted.map(({ id }) => id) } }, { $set: { summarised: true } });
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

function fits(document: MessageDocument, { sizeOf }: SaveOptions, refused: Map<string, string>): boolean {
  if (sizeOf(document) <= maxDocumentBytes) return true;
  refused.set(document._id, tooLarge);
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

/** The participants of the summaries that exist. They may be older than the newest; participants only ever grow, so that is safe. */
async function knownParticipants({ conversations }: Collections, pending: readonly StoredMessage[]): Promise<Map<string, readonly string[]>> {
  const ids = [...new Set(pending.map(({ conversationId }) => conversationId))];
  const found = await conversations.find({ _id: { $in: ids } }, { projection: { 'participants.id': 1 } }).toArray();
  return new Map(found.map(({ _id, participants }) => [_id, participants.map(({ id }) => id)]));
}

/** Adds each message to its summary unless the summary's ring of recent messages has it; notes in `known` whom a new summary began with. */
async function countOnce(collections: Collections, pending: readonly StoredMessage[], known: Map<string, readonly string[]>, refused: Map<string, string>): Promise<void> {
  const exists = new Set(known.keys());
  let rest = pending;
  let races = 0;
  while (rest.length > 0) {
    try {
      const { upsertedIds } = await collections.conversations.bulkWrite(rest.map((message) => countOperation(message, !exists.has(message.conversationId))), { ordered: true });
      for (const index of Object.keys(upsertedIds)) {
        const { conversationId, author } = rest[Number(index)] as StoredMessage;
        known.set(conversationId, [author.id]);
      }
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
    // Documents compare field by field, and these begin with `at` and `id`.
    $max: { last, ...(lastIntent === undefined ? {} : { lastIntent }) },
    ...(mayInsert ? { $setOnInsert: { participants: [message.author] } } : {}),
  };
  return { updateOne: { filter: { _id: message.conversationId, 'recent.id': { $ne: message.id } }, update, upsert: mayInsert, hint: indexes.id } };
}

/** Authors that are not among the participants yet. Each update has its own condition, so that repeating it changes nothing. */
async function addParticipants({ conversations }: Collections, pending: readonly StoredMessage[], known: ReadonlyMap<string, readonly string[]>): Promise<void> {
  const authors = new Map<string, Pick<StoredMessage, 'conversationId' | 'author'>>();
  for (const { conversationId, author } of pending) {
    const key = JSON.stringify([conversationId, author.id]);
    if (!authors.has(key) && !known.get(conversationId)?.includes(author.id)) authors.set(key, { conversationId, author });
  }
  const isFull = `participants.${participantsLength - 1}`;
  let rest = [...authors.values()];
  for (let races = 0; rest.length > 0; races++) {
    try {
      const operations = rest.map(({ conversationId, author }) => ({
        updateOne: {
          filter: { _id: conversationId, 'participants.id': { $ne: author.id }, [isFull]: { $exists: false } },
          update: { $push: { participants: author } },
          hint: indexes.id,
        },
      }));
      await conversations.bulkWrite(operations as AnyBulkWriteOperation<ConversationDocument>[], { ordered: true });
      return;
    } catch (error) {
      const [failure] = writeFailures(error) ?? raise(error);
      if (races > maxRaces || failure === undefined || !isRace(failure.code)) throw error;
      rest = rest.slice(failure.index);
    }
  }
}

function raise(error: unknown): never {
  throw error;
}
