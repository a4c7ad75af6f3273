import type { StoredMessage } from '@colloquy/core';
import { api, ApiError, type Conversation } from './api.js';
import { chip, sentimentMark } from './chips.js';
import { byId, element } from './element.js';
import type { Filters } from './filters.js';
import { conversationName, plain, recently } from './wording.js';

export interface ConversationList {
  /** Reads the list again, soon; many calls in a row make one request. */
  reload(): void;
  arrived(messages: readonly StoredMessage[]): void;
  setOpen(id: string | undefined): void;
}

const gatherMs = 250;
const pageItems = 50;

/** The conversations, most recent first, each row updated in place so that the focus stays where it is. */
export function conversationList({ filters, open }: { readonly filters: Filters; readonly open: (id: string) => void }): ConversationList {
  const rows = new Map<string, HTMLLIElement>();
  const unread = new Set<string>();
  const fresh = new Set<string>();
  const list = byId<HTMLUListElement>('conversations');
  const more = byId<HTMLButtonElement>('more-conversations');
  let openId: string | undefined;
  let wanted = pageItems;
  let timer: number | undefined;
  let latest = 0;

  const load = async (): Promise<void> => {
    const turn = ++latest;
    const query = filters.query();
    try {
      const items: Conversation[] = [];
      let next: string | undefined;
      do {
        query.set('limit', String(Math.min(100, wanted - items.length)));
        if (next !== undefined) query.set('after', next);
        const page = await api.conversations(query);
        if (turn !== latest) return;
        items.push(...page.items);
        next = page.next;
      } while (next !== undefined && items.length < wanted);
      show(items, next !== undefined);
    } catch (error) {
      if (turn === latest && error instanceof ApiError) note(error.message);
    }
  };

  const show = (items: readonly Conversation[], isMore: boolean): void => {
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement : undefined;
    const present = new Set(items.map(({ id }) => id));
    for (const id of rows.keys()) if (!present.has(id)) rows.delete(id);
    list.replaceChildren(...items.map(row));
    if (focused !== undefined && list.contains(focused)) focused.focus({ preventScroll: true });
    fresh.clear();
    more.hidden = !isMore;
    filters.offer(items.flatMap(({ facets }) => facets));
    note(items.length > 0 ? '' : filters.isActive() ? 'No conversation fits these filters.' : 'No conversations yet. Start one with New, or send a message to POST /messages.');
  };

  const row = (conversation: Conversation): HTMLLIElement => {
    const item = rows.get(conversation.id) ?? newRow(conversation.id, open);
    rows.set(conversation.id, item);
    item.classList.toggle('unread', unread.has(conversation.id));
    item.firstElementChild?.replaceChildren(...rowContent(conversation, unread.has(conversation.id)));
    markOpen(item, conversation.id === openId);
    if (fresh.has(conversation.id)) flash(item);
    return item;
  };

  more.addEventListener('click', () => {
    wanted += pageItems;
    void load();
  });

  const reload = (): void => {
    timer ??= window.setTimeout(() => {
      timer = undefined;
      void load();
    }, gatherMs);
  };
  return {
    reload,
    arrived: (messages) => {
      for (const { conversationId } of messages) {
        fresh.add(conversationId);
        if (conversationId !== openId) unread.add(conversationId);
      }
      reload();
    },
    setOpen: (id) => {
      openId = id;
      if (id !== undefined) unread.delete(id);
      for (const [rowId, item] of rows) {
        markOpen(item, rowId === id);
        if (rowId !== id) continue;
        item.classList.remove('unread');
        item.querySelector('.new')?.remove();
      }
    },
  };
}

function newRow(id: string, open: (id: string) => void): HTMLLIElement {
  const button = element('button', { type: 'button', class: 'row' });
  button.addEventListener('click', () => open(id));
  return element('li', { 'data-id': id }, button);
}

function rowContent({ id, participants, last, lastIntent, sentiment }: Conversation, isUnread: boolean): readonly HTMLElement[] {
  const mood = sentiment === undefined ? undefined : moodOf(sentiment.mean);
  return [
    element('span', { class: 'row-line' }, element('strong', { class: 'name' }, conversationName({ id, participants })), element('time', { datetime: last.at }, recently(last.at))),
    element('span', { class: 'preview' }, last.direction === 'outbound' ? '↩ ' : '', last.preview),
    element(
      'span',
      { class: 'row-line chips' },
      element('span', {}, ...(lastIntent === undefined ? [] : [chip('intent', plain(lastIntent.name), 'Last intent')]), ...(mood === undefined ? [] : [sentimentMark(mood, false)])),
      isUnread ? element('span', { class: 'new' }, 'new') : undefined,
    ),
  ];
}

const clearFeeling = 0.15;

function moodOf(mean: number): 'positive' | 'neutral' | 'negative' {
  if (Math.abs(mean) < clearFeeling) return 'neutral';
  return mean > 0 ? 'positive' : 'negative';
}

function markOpen(item: HTMLLIElement, isOpen: boolean): void {
  item.classList.toggle('open', isOpen);
  if (isOpen) item.firstElementChild?.setAttribute('aria-current', 'true');
  else item.firstElementChild?.removeAttribute('aria-current');
}

function flash(item: HTMLLIElement): void {
  item.classList.remove('flash');
  void item.offsetWidth; // restarts the animation
  item.classList.add('flash');
}

function note(text: string): void {
  const line = byId('list-note');
  line.textContent = text;
  line.hidden = text === '';
}
