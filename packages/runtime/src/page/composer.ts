import type { Author, MessageInput } from '@colloquy/core';
import { api } from './api.js';
import { byId } from './element.js';

export interface Composer {
  /** `undefined`: the next message starts a conversation. */
  begin(conversationId: string | undefined): void;
  /** Who may speak in it. */
  setAuthors(participants: readonly Author[]): void;
  /** Ids of messages that are now stored. */
  arrived(ids: readonly string[]): void;
}

/** The box to type a message by hand. Keeps the text until the runner has taken it in. */
export function composer(sent: (conversationId: string) => void): Composer {
  const form = byId<HTMLFormElement>('composer');
  const text = byId<HTMLTextAreaElement>('composer-text');
  const send = form.querySelector<HTMLButtonElement>('button[type=submit]');
  let conversationId: string | undefined;
  let authors: readonly Author[] = [];
  let waitingFor: MessageInput | undefined;

  const submit = async (): Promise<void> => {
    if (text.value.trim() === '') return note('Type something first.', true);
    const typed = text.value;
    const message = messageOf(typed, conversationId ?? `typed-${randomId()}`, String(new FormData(form).get('as')), authors);
    if (send !== null) send.disabled = true;
    note('Sending…');
    try {
      waitingFor = message;
      await api.send(message);
      if (text.value === typed) text.value = '';
      if (waitingFor === message) note('Taken in; being enriched…');
      sent(message.conversationId);
    } catch (error) {
      waitingFor = undefined;
      note(error instanceof Error ? error.message : 'It could not be sent.', true);
    } finally {
      if (send !== null) send.disabled = false;
    }
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit();
  });
  text.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });

  return {
    begin: (id) => {
      const isOwn = id !== undefined && waitingFor?.conversationId === id;
      conversationId = id;
      authors = [];
      if (isOwn) return;
      waitingFor = undefined;
      text.value = '';
      note('');
      if (id === undefined) text.focus();
    },
    setAuthors: (participants) => {
      authors = participants;
    },
    arrived: (ids) => {
      if (waitingFor === undefined || !ids.includes(waitingFor.id)) return;
      waitingFor = undefined;
      note('');
    },
  };
}

function messageOf(text: string, conversationId: string, as: string, authors: readonly Author[]): MessageInput {
  const outbound = as === 'agent';
  const author = authors.find(({ role }) => role === as) ?? { id: outbound ? 'agent' : conversationId, role: outbound ? ('agent' as const) : ('customer' as const), name: outbound ? 'Agent' : 'Typed by hand' };
  return { id: `typed-${randomId()}`, conversationId, at: new Date().toISOString(), author, channel: 'page', direction: outbound ? 'outbound' : 'inbound', text };
}

/** Works outside secure contexts too, where randomUUID is missing. */
function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function note(text: string, isProblem = false): void {
  const line = byId('composer-note');
  line.textContent = text;
  line.classList.toggle('problem', isProblem);
}
