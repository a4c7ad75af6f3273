import { foldSummary, type ConversationSummary, type StoredMessage } from '@colloquy/core';
import { indexes, type Collections } from './collections.js';
import { isDuplicate } from './database-error.js';
import { conversationDocument, messageOf } from './documents.js';

/**
 * Makes a summary from the stored messages and puts it in place, unless messages were counted meanwhile: then again. Messages
 * whose save is not complete come last, so that they stand in the ring of recent ones and are not counted again.
 */
export async function rebuildSummary({ messages, conversations }: Collections, conversationId: string): Promise<ConversationSummary | undefined> {
  for (;;) {
    const before = await conversations.findOne({ _id: conversationId }, { projection: { revision: 1 } });
    const incomplete: StoredMessage[] = [];
    let summary: ConversationSummary | undefined;
    for await (const document of messages.find({ conversationId }, { sort: { at: 1, _id: 1 }, hint: indexes.messagesByConversation })) {
      const message = messageOf(document);
      if (document.summarised) summary = foldSummary(summary, message);
      else incomplete.push(message);
    }
    for (const message of incomplete) summary = foldSummary(summary, message);
    if (summary === undefined) return undefined;
    const made = conversationDocument(summary, (before?.revision ?? 0) + 1);
    if (before !== null) {
      const { matchedCount } = await conversations.replaceOne({ _id: conversationId, revision: before.revision }, made, { hint: indexes.id });
      if (matchedCount === 1) return summary;
    } else if (await isInserted(conversations.insertOne(made))) return summary;
  }
}

async function isInserted(insertion: Promise<unknown>): Promise<boolean> {
  try {
    await insertion;
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}
