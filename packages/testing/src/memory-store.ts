import {
  colloquyError,
  compareKeys,
  foldSummary,
  summaryOf,
  type ConversationQuery,
  type ConversationSummary,
  type Page,
  type Store,
  type StoredMessage,
} from '@colloquy/core';

export interface MemoryStoreOptions {
  /** Default: `memory`. */
  readonly name?: string;
  /** Hand in and out the very objects instead of copies: for speed runs. Default: false. */
  readonly shareMessages?: boolean;
  /** Awaited before save() does anything; what it throws is what save() rejects with. */
  beforeSave?(messages: readonly StoredMessage[]): void | Promise<void>;
  /** The same after everything was stored, for the failure that comes too late. */
  afterSave?(messages: readonly StoredMessage[]): void | Promise<void>;
}

export interface MemoryStore extends Store {
  /** The ids of stored messages in the order they were first stored. */
  savedIds(): readonly string[];
}

/** A Store in memory, complete: the reference that the store suite is checked against. Opened again after close() it has kept everything. */
export function memoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  const { name = 'memory' } = options;
  const stored = new Map<string, StoredMessage>();
  const conversations = new Map<string, Conversation>();
  let closed = false;
  const own = <T>(item: T): T => (options.shareMessages === true ? item : structuredClone(item));
  const refuseClosed = () => {
    if (closed) throw colloquyError('STORE_UNREACHABLE', { store: name });
  };

  const add = (message: StoredMessage): void => {
    if (stored.has(message.id)) return;
    stored.set(message.id, message);
    const known = conversations.get(message.conversationId);
    if (known === undefined) conversations.set(message.conversationId, { summary: undefined, summarised: 0, messages: [message] });
    else known.messages.push(message);
  };

  return {
    name,
    open: async () => {
      closed = false;
    },
    save: async (messages) => {
      refuseClosed();
      await options.beforeSave?.(messages);
      for (const message of messages) add(options.shareMessages === true ? message : structuredClone(message));
      await options.afterSave?.(messages);
    },
    message: async (id) => own(stored.get(id)),
    conversation: async (id) => own(summarise(conversations.get(id))),
    messages: async ({ conversationId, limit, after }) => {
      refuseLimit(limit);
      const all = [...(conversations.get(conversationId)?.messages ?? [])].sort(compareKeys);
      return pageOf(all, limit, after, (message, cursor) => compareKeys(message, cursor) > 0, (message) => message, own);
    },
    conversations: async (query) => {
      refuseLimit(query.limit);
      refuseNoTime(query.from, 'from');
      refuseNoTime(query.to, 'to');
      const all = [...conversations.values()].map((conversation) => summarise(conversation)).filter((summary) => matches(summary, query));
      const keyOf = (summary: ConversationSummary) => ({ at: summary.last.at, id: summary.id });
      all.sort((a, b) => compareKeys(keyOf(b), keyOf(a)));
      return pageOf(all, query.limit, query.after, (summary, cursor) => compareKeys(keyOf(summary), cursor) < 0, keyOf, own);
    },
    rebuildSummary: async (conversationId) => {
      refuseClosed();
      const known = conversations.get(conversationId);
      if (known === undefined) return undefined;
      known.summary = summaryOf([...known.messages].sort(compareKeys));
      known.summarised = known.messages.length;
      return own(known.summary);
    },
    check: async () => refuseClosed(),
    close: async () => {
      closed = true;
    },
    savedIds: () => [...stored.keys()],
  };
}

interface Conversation {
  /** Of the first `summarised` messages; the others are folded in when somebody asks. */
  summary: ConversationSummary | undefined;
  summarised: number;
  /** In the order they were stored. */
  readonly messages: StoredMessage[];
}

function summarise(conversation: Conversation): ConversationSummary;
function summarise(conversation: Conversation | undefined): ConversationSummary | undefined;
function summarise(conversation: Conversation | undefined): ConversationSummary | undefined {
  if (conversation === undefined) return undefined;
  const { messages } = conversation;
  while (conversation.summarised < messages.length) conversation.summary = foldSummary(conversation.summary, messages[conversation.summarised++] as StoredMessage);
  return conversation.summary;
}

interface Cursor {
  readonly at: string;
  readonly id: string;
}

function pageOf<T>(
  all: readonly T[],
  limit: number,
  after: string | undefined,
  isBehind: (item: T, cursor: Cursor) => boolean,
  keyOf: (item: T) => Cursor,
  copy: (items: readonly T[]) => readonly T[],
): Page<T> {
  const cursor = after === undefined ? undefined : parseCursor(after);
  const rest = cursor === undefined ? all : all.filter((item) => isBehind(item, cursor));
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  if (rest.length <= limit || last === undefined) return { items: copy(items) };
  const { at, id } = keyOf(last);
  return { items: copy(items), next: JSON.stringify([at, id]) };
}

function parseCursor(after: string): Cursor {
  try {
    const [at, id] = JSON.parse(after) as readonly unknown[];
    if (typeof at === 'string' && typeof id === 'string') return { at, id };
  } catch {
    // refused below
  }
  throw colloquyError('QUERY_INVALID', { found: `a text of ${after.length} characters`, field: 'after', expected: '`next` of the page before' });
}

function refuseLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw colloquyError('QUERY_INVALID', { found: limit, field: 'limit', expected: 'a whole number from 1 to 100' });
}

function refuseNoTime(time: string | undefined, field: string): void {
  if (time === undefined || (/^\d{4}-\d\d-\d\dT/.test(time) && !Number.isNaN(Date.parse(time)))) return;
  throw colloquyError('QUERY_INVALID', { found: `a text of ${time.length} characters`, field, expected: 'an instant such as 2026-03-02T15:04:05Z' });
}

function matches(summary: ConversationSummary, query: ConversationQuery): boolean {
  const { intent, sentiment, entityType, language, from, to } = query;
  const wanted = [
    ...(intent === undefined ? [] : [`intent:${intent}`]),
    ...(sentiment === undefined ? [] : [`sentiment:${sentiment}`]),
    ...(entityType === undefined ? [] : [`entity:${entityType}`]),
    ...(language === undefined ? [] : [`language:${language}`]),
  ];
  const at = Date.parse(summary.last.at);
  return wanted.every((facet) => summary.facets.includes(facet)) && (from === undefined || at >= Date.parse(from)) && (to === undefined || at < Date.parse(to));
}
