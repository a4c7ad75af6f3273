import { compareKeys, type StoredMessage } from '@colloquy/core';
import { attachments } from './attachments.js';
import { messageChips } from './chips.js';
import { byId, element } from './element.js';
import { highlighted } from './highlighted.js';
import { clockTime, dayOf } from './wording.js';

export interface Timeline {
  clear(): void;
  /** Puts messages in their places; one that is there already is drawn anew. Follows the end where the reader is at it. */
  add(messages: readonly StoredMessage[]): void;
  toEnd(): void;
}

const nearEndPx = 120;

export function timeline(explain: (messageId: string) => void): Timeline {
  const list = byId<HTMLOListElement>('timeline');
  const scroller = byId('scroller');
  let known: { readonly message: StoredMessage; readonly node: HTMLLIElement }[] = [];

  const toEnd = (): void => {
    scroller.scrollTop = scroller.scrollHeight;
  };
  return {
    clear: () => {
      known = [];
      list.replaceChildren();
    },
    add: (messages) => {
      const wasAtEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < nearEndPx;
      const added = new Set(messages.map(({ id }) => id));
      const focusedId = document.activeElement?.closest('li[data-id]')?.getAttribute('data-id');
      known = [...known.filter(({ message }) => !added.has(message.id)), ...messages.map((message) => ({ message, node: bubble(message, explain) }))].sort((a, b) => compareKeys(a.message, b.message));
      list.replaceChildren(...withDays(known));
      if (focusedId !== undefined && focusedId !== null) list.querySelector<HTMLElement>(`li[data-id="${CSS.escape(focusedId)}"] button`)?.focus({ preventScroll: true });
      if (wasAtEnd) toEnd();
    },
    toEnd,
  };
}

function* withDays(entries: readonly { readonly message: StoredMessage; readonly node: HTMLLIElement }[]): Generator<HTMLLIElement> {
  let day = '';
  for (const { message, node } of entries) {
    const own = dayOf(message.at);
    if (own !== day) yield element('li', { class: 'day' }, own);
    day = own;
    yield node;
  }
}

function bubble(message: StoredMessage, explain: (messageId: string) => void): HTMLLIElement {
  const { id, direction, author, at, text, ann } = message;
  const why = element('button', { type: 'button', class: 'why', 'aria-label': `Explain the message of ${clockTime(at)}` }, 'Explain');
  why.addEventListener('click', () => explain(id));
  return element(
    'li',
    { class: `message ${direction}`, 'data-id': id },
    element('p', { class: 'who' }, element('span', {}, author.name ?? author.role), ' ', element('time', { datetime: at }, clockTime(at))),
    element(
      'div',
      { class: 'bubble' },
      ...attachments(message),
      text === '' ? undefined : element('p', { class: 'said', dir: 'auto' }, ...highlighted(text, 'text', ann.entities?.items ?? [])),
    ),
    element('div', { class: 'chips' }, ...messageChips(message), why),
  );
}
