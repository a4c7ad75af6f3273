import { colloquyError, foldSummary, type ConversationSummary, type Store, type StoredMessage } from '@colloquy/core';
import { checkedLimit, conversationFilter, keyOfCursor, pageOf } from '@colloquy/contracts';
import { checkDatabase } from './check-database.js';
import type { Database } from './database.js';
import { listConversations } from './list-conversations.js';

/** Conversations in the database. open() and close() leave it as it is: openEmbedded owns it. */
export function embeddedStore(database: Database): Store {
  return {
    name: 'embedded',
    open: () => checkDatabase(database),
    save: async (messages) => {
      const rows = messages.map(rowOf);
      if (rows.length > 0) await database.write(() => saveRows(database, rows));
    },
    message: async (id) => database.read(() => parsed<StoredMessage>(database.sql('SELECT body FROM messages WHERE id = ?').get(id))),
    conversation: async (id) => database.read(() => summaryIn(database, id)),
    messages: async ({ conversationId, limit, after }) => {
      checkedLimit(limit);
      const key = keyOfCursor(after) ?? { at: '', id: '' };
      const items = database.read(() => database.sql(messagesInOrder).all<Body>(conversationId, key.at, key.id, limit + 1));
      return pageOf(items.map((row) => JSON.parse(row.body) as StoredMessage), limit, (message) => message);
    },
    conversations: async (query) => {
      const filter = conversationFilter(query);
      const items = database.read(() => listConversations(database, { ...filter, limit: filter.limit + 1 }));
      return pageOf(items, filter.limit, ({ id, last }) => ({ at: last.at, id }));
    },
    rebuildSummary: (conversationId) => database.write(() => rebuild(database, conversationId)),
    check: () => checkDatabase(database),
    close: async () => undefined,
  };
}

interface Body {
  readonly body: string;
}

interface MessageRow extends Body {
  readonly message: StoredMessage;
}

const messagesInOrder = 'SELECT body FROM messages WHERE conversation = ? AND (at, id) > (?, ?) ORDER BY at, id LIMIT ?';
const insertMessage = 'INSERT INTO messages (id, conversation, at, body) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING';
/** SQLite holds texts as UTF-8: these would come back as others. */
const unstorable = /\u0000|\p{Surrogate}/u;

function rowOf(message: StoredMessage): MessageRow {
  if (unstorable.test(message.id) || unstorable.test(message.conversationId)) {
    throw colloquyError('STORE_REFUSED', { id: '(unprintable)', problem: 'its id or conversation id has a NUL or a lone surrogate' });
  }
  try {
    return { message, body: JSON.stringify(message) };
  } catch (error) {
    throw colloquyError('STORE_REFUSED', { id: message.id, problem: 'it cannot be written as JSON' }, error);
  }
}

/** A message already stored is passed over, so each is counted once: it and its summary are written in one transaction. */
function saveRows(database: Database, rows: readonly MessageRow[]): void {
  const insert = database.sql(insertMessage);
  const touched = new Map<string, { readonly before: ConversationSummary | undefined; after: ConversationSummary | undefined }>();
  for (const { message, body } of rows) {
    const { id, conversationId, at } = message;
    if (insert.run(id, conversationId, at, body) === 0) continue;
    let change = touched.get(conversationId);
    if (change === undefined) {
      const before = summaryIn(database, conversationId);
      touched.set(conversationId, (change = { before, after: before }));
    }
    change.after = foldSummary(change.after, message);
  }
  for (const { before, after } of touched.values()) if (after !== undefined) writeSummary(database, before, after);
}

function rebuild(database: Database, conversationId: string): ConversationSummary | undefined {
  const page = database.sql(messagesInOrder);
  let after: ConversationSummary | undefined;
  let key = { at: '', id: '' };
  for (;;) {
    const rows = page.all<Body>(conversationId, key.at, key.id, 500);
    if (rows.length === 0) break;
    for (const { body } of rows) {
      const message = JSON.parse(body) as StoredMessage;
      after = foldSummary(after, message);
      key = { at: message.at, id: message.id };
    }
  }
  if (after !== undefined) writeSummary(database, summaryIn(database, conversationId), after);
  return after;
}

/** Facet rows carry the last activity, so that every listing reads one index in order; they move when it does. */
function writeSummary(database: Database, before: ConversationSummary | undefined, after: ConversationSummary): void {
  database
    .sql('INSERT INTO conversations (id, last_at, body) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET last_at = excluded.last_at, body = excluded.body')
    .run(after.id, after.last.at, JSON.stringify(after));
  const moved = before?.last.at !== after.last.at;
  const kept = new Set(moved ? [] : after.facets);
  const remove = database.sql('DELETE FROM facets WHERE facet = ? AND last_at = ? AND conversation = ?');
  for (const facet of before?.facets ?? []) if (!kept.has(facet)) remove.run(facet, before?.last.at ?? '', after.id);
  const known = new Set(moved ? [] : before?.facets);
  const add = database.sql('INSERT INTO facets (facet, last_at, conversation) VALUES (?, ?, ?)');
  for (const facet of after.facets) if (!known.has(facet)) add.run(facet, after.last.at, after.id);
}

function summaryIn(database: Database, id: string): ConversationSummary | undefined {
  return parsed<ConversationSummary>(database.sql('SELECT body FROM conversations WHERE id = ?').get(id));
}

function parsed<T>(row: Body | undefined): T | undefined {
  return row === undefined ? undefined : (JSON.parse(row.body) as T);
}
