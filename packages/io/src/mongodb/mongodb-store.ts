import { checkedLimit, conversationFilter, keyOfCursor, pageOf, type ConversationFilter, type PageKey } from '@colloquy/contracts';
import { colloquyError, type Store } from '@colloquy/core';
import type { Db, Document } from 'mongodb';
import { collectionsOf, indexes, type Collections } from './collections.js';
import { databaseError } from './database-error.js';
import { messageOf, summaryOfDocument } from './documents.js';
import { migrate } from './migrate.js';
import { rebuildSummary } from './rebuild-summary.js';
import { saveMessages, type SaveOptions } from './save-messages.js';

export interface MongodbStoreOptions extends Pick<SaveOptions, 'sizeOf' | 'afterStep'> {
  readonly db: Db;
}

/** Conversations in a database. close() leaves the connection open: whoever opened it closes it. */
export function mongodbStore({ db, sizeOf, afterStep }: MongodbStoreOptions): Store {
  const name = `mongodb ${db.databaseName}`;
  const collections = collectionsOf(db);
  const saving = { collections, store: name, sizeOf, ...(afterStep === undefined ? {} : { afterStep }) };
  const answer = <T>(work: Promise<T>): Promise<T> => work.catch((error: unknown) => Promise.reject(databaseError(error, name)));
  return {
    name,
    open: () => answer(migrate(db).then(() => undefined)),
    save: async (messages) => {
      if (messages.length > 0) await answer(saveMessages(saving, messages));
    },
    message: async (id) => {
      const found = await answer(collections.messages.findOne({ _id: id }));
      return found === null ? undefined : messageOf(found);
    },
    conversation: async (id) => {
      const found = await answer(collections.conversations.findOne({ _id: id }));
      return found === null ? undefined : summaryOfDocument(found);
    },
    messages: async ({ conversationId, limit, after }) => {
      const filter = { conversationId, ...beyond('at', '$gt', keyOfCursor(after)) };
      const options = { sort: { at: 1, _id: 1 }, limit: checkedLimit(limit) + 1, hint: indexes.messagesByConversation } as const;
      const found = await answer(collections.messages.find(filter, options).toArray());
      return pageOf(found.map(messageOf), limit, (message) => message);
    },
    conversations: async (query) => {
      const filter = conversationFilter(query);
      const found = await answer(findConversations(collections, filter));
      return pageOf(found, filter.limit, ({ id, last }) => ({ at: last.at, id }));
    },
    rebuildSummary: (conversationId) => answer(rebuildSummary(collections, conversationId)),
    check: async () => {
      await answer(db.command({ ping: 1 }));
    },
    close: async () => undefined,
  };
}

/** Walks the index of the first facet, or that of all conversations, in the order of the listing. */
async function findConversations({ conversations }: Collections, { facets, from, to, after, limit }: ConversationFilter) {
  const range: Document = { ...(from === undefined ? {} : { $gte: new Date(from) }), ...(to === undefined ? {} : { $lt: new Date(to) }) };
  const conditions: Document[] = [
    ...(facets.length === 0 ? [] : [{ facets: { $all: facets } }]),
    ...(Object.keys(range).length === 0 ? [] : [{ 'last.at': range }]),
    ...(after === undefined ? [] : [beyond('last.at', '$lt', after)]),
  ];
  const found = await conversations
    .find(conditions.length === 0 ? {} : { $and: conditions }, {
      sort: { 'last.at': -1, _id: -1 },
      limit: limit + 1,
      hint: facets.length === 0 ? indexes.conversationsByActivity : indexes.conversationsByFacet,
    })
    .toArray();
  return found.map(summaryOfDocument);
}

/** What comes after an item in the order by (field, _id). The bound on the field alone is what the index is searched by. */
export function beyond(field: string, direction: '$gt' | '$lt', key: PageKey | undefined): Document {
  if (key === undefined) return {};
  const at = new Date(key.at);
  if (Number.isNaN(at.getTime())) throw colloquyError('QUERY_INVALID', { found: 'no instant', field: 'after', expected: 'the next of the page before' });
  return { [field]: { [`${direction}e`]: at }, $or: [{ [field]: { [direction]: at } }, { _id: { [direction]: key.id } }] };
}
