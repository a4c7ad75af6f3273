import type { Annotations } from '../annotations.js';
import type { Fault } from '../doc.js';
import type { Author, Direction, Message } from '../message.js';

/** One enriched message as it is stored. */
export interface StoredMessage extends Message {
  readonly ann: Readonly<Partial<Annotations>>;
  readonly faults: readonly Fault[];
  /** The ids of the stages and models that saw it. */
  readonly pipeline: readonly string[];
  /** Where it came from. */
  readonly position: { readonly source: string; readonly partition: string; readonly offset: number };
  readonly enrichedAt: string;
}

/** One conversation as it is stored. Everything in it follows from its messages; see foldSummary. */
export interface ConversationSummary {
  readonly id: string;
  /** By author id, each once, at most 64. */
  readonly participants: readonly Author[];
  readonly firstAt: string;
  readonly counts: { readonly messages: number; readonly inbound: number; readonly outbound: number; readonly media: number; readonly faults: number };
  /** The newest message by (at, id). */
  readonly last: { readonly at: string; readonly id: string; readonly direction: Direction; readonly preview: string };
  /** The newest inbound message with an intent, by (at, id). */
  readonly lastIntent?: { readonly at: string; readonly id: string; readonly name: string };
  /** What occurs in the conversation: `intent:ask_price`, `sentiment:negative`, `entity:phone`, `language:es`, `channel:whatsapp`; sorted. */
  readonly facets: readonly string[];
  /** The messages counted most recently, in the order they were counted, at most `recentLength`. Guards against counting one twice. */
  readonly recent: readonly RecentMessage[];
}

export interface RecentMessage {
  readonly id: string;
  readonly at: string;
  /** Polarity of an inbound message. */
  readonly sentiment?: number;
}

export interface ConversationQuery {
  readonly intent?: string;
  readonly sentiment?: 'positive' | 'neutral' | 'negative';
  readonly entityType?: string;
  readonly language?: string;
  /** Last activity, ISO 8601, from inclusive, to exclusive. */
  readonly from?: string;
  readonly to?: string;
  /** 1 to 100. */
  readonly limit: number;
  /** `next` of the page before. */
  readonly after?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Absent on the last page. */
  readonly next?: string;
}

/**
 * Where enriched conversations live. Effectively once by message id: saving a message again changes nothing, whatever
 * happened in between. While the database cannot be reached, calls reject with STORE_UNREACHABLE (kind `transient`).
 */
export interface Store {
  readonly name: string;
  /** Brings the schema to this version. Throws STORE_SCHEMA_MISMATCH for a newer one. */
  open(): Promise<void>;
  /** Durable when it resolves; messages of one conversation in the order given. Rejects with STORE_REFUSED where one cannot be stored. */
  save(messages: readonly StoredMessage[]): Promise<void>;
  message(id: string): Promise<StoredMessage | undefined>;
  conversation(id: string): Promise<ConversationSummary | undefined>;
  /** Messages of one conversation, oldest first by (at, id). */
  messages(query: { readonly conversationId: string; readonly limit: number; readonly after?: string }): Promise<Page<StoredMessage>>;
  /** Most recent activity first. */
  conversations(query: ConversationQuery): Promise<Page<ConversationSummary>>;
  /** Makes the summary anew from the stored messages. */
  rebuildSummary(conversationId: string): Promise<ConversationSummary | undefined>;
  check(): Promise<void>;
  close(): Promise<void>;
}
