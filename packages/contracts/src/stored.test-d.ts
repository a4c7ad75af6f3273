import type { Annotations, ConversationSummary, StoredMessage } from '@colloquy/core';
import type { z } from 'zod';
import type { conversationSummarySchema, slotSchemas, storedMessageSchema } from './stored.js';

/** The schemas and core's types take the same values: neither allows what the other does not. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
/** Named, since other files of the workspace declare slots of their own. */
type BuiltInSlot = 'language' | 'intent' | 'entities' | 'sentiment' | 'media';
type AllTrue<T extends Record<string, true>> = T;

export type StoredTypesAgree = AllTrue<{
  message: Same<z.output<typeof storedMessageSchema>, StoredMessage>;
  messageFields: Same<keyof z.output<typeof storedMessageSchema>, keyof StoredMessage>;
  summary: Same<z.output<typeof conversationSummarySchema>, ConversationSummary>;
  summaryFields: Same<keyof z.output<typeof conversationSummarySchema>, keyof ConversationSummary>;
  slots: Same<BuiltInSlot, keyof typeof slotSchemas>;
}>;

export type SlotTypesAgree = AllTrue<{
  [K in keyof typeof slotSchemas]: Same<z.output<(typeof slotSchemas)[K]>, Annotations[K]> & Same<keyof z.output<(typeof slotSchemas)[K]>, keyof Annotations[K]>;
}>;

// @ts-expect-error the check itself sees a field too many
export type CheckSees = AllTrue<{ wrong: Same<keyof z.output<typeof storedMessageSchema>, keyof StoredMessage | 'more'> }>;
