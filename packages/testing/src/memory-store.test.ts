import type { StoredMessage } from '@colloquy/core';
import { describe, expect, it } from 'vitest';
import { memoryStore } from './memory-store.js';

const message = (id: string, second: number, more: Partial<StoredMessage> = {}): StoredMessage => ({
  id,
  conversationId: 'c-1',
  at: `2026-03-02T12:00:${String(second).padStart(2, '0')}.000Z`,
  author: { id: 'customer-1', role: 'customer' },
  channel: 'whatsapp',
  direction: 'inbound',
  text: id,
  media: [],
  meta: {},
  ann: {},
  faults: [],
  pipeline: [],
  position: { source: 'memory', partition: 'memory/0', offset: second },
  enrichedAt: '2026-03-02T12:01:00.000Z',
  ...more,
});

describe('memoryStore', () => {
  it('counts a message once, whichever other came in between', async () => {
    const store = memoryStore();
    await store.save([message('a', 1), message('b', 2)]);
    const before = await store.conversation('c-1');
    await store.save([message('a', 1, { text: 'changed' })]);
    expect(await store.conversation('c-1')).toEqual(before);
    expect(before?.counts.messages).toBe(2);
    expect((await store.message('a'))?.text).toBe('a');
  });

  it('pages through messages oldest first and through conversations newest first', async () => {
    const store = memoryStore();
    await store.save([message('b', 2), message('a', 1), message('c', 3), message('x', 9, { conversationId: 'c-2' })]);
    const first = await store.messages({ conversationId: 'c-1', limit: 2 });
    expect(first.items.map(({ id }) => id)).toEqual(['a', 'b']);
    const second = await store.messages({ conversationId: 'c-1', limit: 2, after: first.next as string });
    expect(second.items.map(({ id }) => id)).toEqual(['c']);
    expect(second.next).toBeUndefined();
    const newest = await store.conversations({ limit: 1 });
    expect(newest.items.map(({ id }) => id)).toEqual(['c-2']);
    expect((await store.conversations({ limit: 1, after: newest.next as string })).items.map(({ id }) => id)).toEqual(['c-1']);
  });

  it('rebuilds a summary from the messages, by their time', async () => {
    const store = memoryStore();
    await store.save([message('b', 2), message('a', 1)]);
    expect((await store.conversation('c-1'))?.recent.map(({ id }) => id)).toEqual(['b', 'a']);
    expect((await store.rebuildSummary('c-1'))?.recent.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(await store.rebuildSummary('nobody')).toBeUndefined();
  });

  it('refuses queries that make no sense', async () => {
    const store = memoryStore();
    await expect(store.conversations({ limit: 101 })).rejects.toMatchObject({ code: 'QUERY_INVALID' });
    await expect(store.messages({ conversationId: 'c-1', limit: 5, after: 'nonsense' })).rejects.toMatchObject({ code: 'QUERY_INVALID' });
  });
});
