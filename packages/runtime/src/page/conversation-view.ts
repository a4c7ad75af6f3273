import { compareKeys, type Author, type StoredMessage } from '@colloquy/core';
import { api, ApiError, type Conversation } from './api.js';
import { composer } from './composer.js';
import { byId } from './element.js';
import { timeline } from './timeline.js';
import { conversationName, plain } from './wording.js';

export interface ConversationView {
  open(id: string): void;
  openNew(): void;
  close(): void;
  /** Reads what is open again. */
  reload(): void;
  arrived(messages: readonly StoredMessage[]): void;
}

const messagesAtOnce = 500;

/** One conversation: who, its timeline, and a box to add to it. */
export function conversationView({ explain, sent }: { readonly explain: (messageId: string) => void; readonly sent: (conversationId: string) => void }): ConversationView {
  const lines = timeline(explain);
  const more = byId<HTMLButtonElement>('more-messages');
  let id: string | undefined;
  let isNew = false;
  let next: string | undefined;
  let latest = 0;

  const box = composer((conversationId) => {
    if (isNew) sent(conversationId);
  });

  const load = async (after?: string): Promise<void> => {
    const conversationId = id;
    if (conversationId === undefined) return;
    const turn = ++latest;
    try {
      const conversation = await api.conversation(conversationId);
      if (turn === latest) head(conversation);
      let cursor = after;
      let count = 0;
      do {
        const page = await api.messages(conversationId, cursor);
        if (turn !== latest) return;
        lines.add(page.items);
        count += page.items.length;
        cursor = page.next;
      } while (cursor !== undefined && count < messagesAtOnce);
      next = cursor;
      more.hidden = next === undefined;
      note('');
      lines.toEnd();
    } catch (error) {
      if (turn !== latest || !(error instanceof ApiError)) return;
      note(error.status === 404 ? 'Nothing is stored of this conversation yet. A message just sent appears here once it is enriched.' : error.message);
    }
  };

  const head = (conversation: Conversation): void => {
    byId('conversation-title').textContent = conversationName(conversation);
    byId('conversation-facts').textContent = factsOf(conversation);
    box.setAuthors(conversation.participants);
  };

  const start = (conversationId: string | undefined, title: string, facts: string): void => {
    latest++;
    id = conversationId;
    next = undefined;
    more.hidden = true;
    lines.clear();
    note('');
    byId('conversation-title').textContent = title;
    byId('conversation-facts').textContent = facts;
    byId('nothing-open').hidden = true;
    byId('conversation').hidden = false;
  };

  more.addEventListener('click', () => void load(next));

  return {
    open: (conversationId) => {
      if (conversationId === id) return;
      isNew = false;
      start(conversationId, conversationId, '');
      box.begin(conversationId);
      void load();
    },
    openNew: () => {
      isNew = true;
      start(undefined, 'New conversation', 'Your first message starts it.');
      box.begin(undefined);
    },
    close: () => {
      latest++;
      id = undefined;
      byId('conversation').hidden = true;
      byId('nothing-open').hidden = false;
    },
    reload: () => void load(),
    arrived: (messages) => {
      const own = messages.filter(({ conversationId }) => conversationId === id).sort(compareKeys);
      if (own.length === 0) return;
      lines.add(own);
      note('');
      box.arrived(own.map((message) => message.id));
      if (id !== undefined) void api.conversation(id).then((conversation) => conversation.id === id && head(conversation)).catch(() => undefined);
    },
  };
}

function factsOf({ id, counts, participants, sentiment }: Conversation): string {
  const roles = participants.filter(({ role }) => role !== 'customer').map((author: Author) => author.name ?? plain(author.role));
  return [
    id,
    `${counts.messages} ${counts.messages === 1 ? 'message' : 'messages'}`,
    roles.length === 0 ? '' : `with ${roles.join(', ')}`,
    sentiment === undefined || sentiment.direction === 'steady' ? '' : `mood ${sentiment.direction}`,
    counts.faults === 0 ? '' : `${counts.faults} ${counts.faults === 1 ? 'fault' : 'faults'}`,
  ]
    .filter((fact) => fact !== '')
    .join(' · ');
}

function note(text: string): void {
  const line = byId('timeline-note');
  line.textContent = text;
  line.hidden = text === '';
}
