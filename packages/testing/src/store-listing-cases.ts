import type { ConversationQuery, Page, Store } from '@colloquy/core';
import { expect } from 'vitest';
import type { SuiteCase } from './case-suite.js';
import type { OpenedStore } from './opened-store.js';
import { annotated, minuteAt, storedMessage } from './stored-message.js';

/** Listing conversations and their messages, page by page. */
export const storeListingCases: Readonly<Record<string, SuiteCase<OpenedStore>>> = {
  'lists conversations by newest activity': async ({ store }) => {
    await store.save([5, 1, 9, 3].map((minute) => storedMessage({ id: `m-${minute}`, conversationId: `c-${minute}`, at: minuteAt(minute) })));
    expect(await ids(store, {})).toEqual(['c-9', 'c-5', 'c-3', 'c-1']);
    await store.save([storedMessage({ id: 'new', conversationId: 'c-1', at: minuteAt(10) })]);
    expect(await ids(store, {})).toEqual(['c-1', 'c-9', 'c-5', 'c-3']);
    await store.save([storedMessage({ id: 'old', conversationId: 'c-9', at: minuteAt(0) })]);
    expect(await ids(store, {})).toEqual(['c-1', 'c-9', 'c-5', 'c-3']);
  },

  'filters by one property': async ({ store }) => {
    await seedFilters(store);
    expect(await ids(store, { intent: 'ask_price' })).toEqual(['price-es-angry', 'price-es']);
    expect(await ids(store, { sentiment: 'negative' })).toEqual(['price-es-angry', 'pay-en-angry']);
    expect(await ids(store, { sentiment: 'positive' })).toEqual(['pay-pt-happy']);
    expect(await ids(store, { entityType: 'phone' })).toEqual(['price-es-angry', 'pay-en-angry']);
    expect(await ids(store, { language: 'es' })).toEqual(['price-es-angry', 'price-es']);
    expect(await ids(store, { language: 'fr' })).toEqual([]);
  },

  'filters by time, from inclusive, to exclusive': async ({ store }) => {
    await seedFilters(store);
    expect(await ids(store, { from: minuteAt(2) })).toEqual(['price-es-angry', 'pay-pt-happy', 'pay-en-angry']);
    expect(await ids(store, { to: minuteAt(2) })).toEqual(['price-es', 'plain']);
    expect(await ids(store, { from: minuteAt(1), to: minuteAt(3) })).toEqual(['pay-en-angry', 'price-es']);
    expect(await ids(store, { from: minuteAt(3), to: minuteAt(3) })).toEqual([]);
    expect(await ids(store, { from: '2026-03-02T12:02:00+02:00', to: '2026-03-02T10:03Z' })).toEqual(['pay-en-angry']);
  },

  'filters by several properties at once': async ({ store }) => {
    await seedFilters(store);
    expect(await ids(store, { intent: 'ask_price', sentiment: 'negative' })).toEqual(['price-es-angry']);
    expect(await ids(store, { intent: 'pay', language: 'en', entityType: 'phone', sentiment: 'negative' })).toEqual(['pay-en-angry']);
    expect(await ids(store, { intent: 'pay', from: minuteAt(3) })).toEqual(['pay-pt-happy']);
    expect(await ids(store, { sentiment: 'negative', entityType: 'phone', to: minuteAt(4) })).toEqual(['pay-en-angry']);
    expect(await ids(store, { intent: 'ask_price', language: 'pt' })).toEqual([]);
  },

  'follows a conversation whose properties and activity change': async ({ store }) => {
    await seedFilters(store);
    await store.save([storedMessage({ id: 'late', conversationId: 'price-es', at: minuteAt(60), ann: annotated.sentiment('negative', -1) })]);
    expect(await ids(store, { sentiment: 'negative' })).toEqual(['price-es', 'price-es-angry', 'pay-en-angry']);
    expect(await ids(store, { intent: 'ask_price' })).toEqual(['price-es', 'price-es-angry']);
    expect(await ids(store, { intent: 'ask_price', to: minuteAt(60) })).toEqual(['price-es-angry']);
    await store.rebuildSummary('price-es');
    expect(await ids(store, { intent: 'ask_price', sentiment: 'negative' })).toEqual(['price-es', 'price-es-angry']);
  },

  'takes filter values of any form for values': async ({ store }) => {
    const odd = [`it's`, '$ne', '{"$gt":""}', '%', '_', 'a:b', '*', '👍'];
    await store.save(odd.map((name, index) => storedMessage({ id: `m-${index}`, conversationId: `c-${index}`, at: minuteAt(index), ann: { ...annotated.intent(name), ...annotated.entities(name) } })));
    for (const [index, name] of odd.entries()) {
      expect(await ids(store, { intent: name })).toEqual([`c-${index}`]);
      expect(await ids(store, { entityType: name })).toEqual([`c-${index}`]);
    }
  },

  'pages through conversations without gaps or doubles': async ({ store }) => {
    await store.save(Array.from({ length: 45 }, (_, index) => storedMessage({ id: `m-${index}`, conversationId: `c-${index}`, at: minuteAt(index % 9), ann: index % 2 === 0 ? annotated.intent('pay') : {} })));
    for (const query of [{}, { intent: 'pay' }, { intent: 'pay', from: minuteAt(2) }]) {
      const whole = await ids(store, query);
      expect(new Set(whole).size).toBe(whole.length);
      for (const limit of [1, 7, 44, 45, 46]) expect(await paged((after) => store.conversations({ ...query, limit, ...after }), limit)).toEqual(whole);
    }
    expect((await ids(store, {})).length).toBe(45);
    expect((await ids(store, { intent: 'pay' })).length).toBe(23);
  },

  'pages through conversations while new ones arrive': async ({ store }) => {
    await store.save(Array.from({ length: 30 }, (_, index) => storedMessage({ id: `m-${index}`, conversationId: `c-${index}`, at: minuteAt(100 + index) })));
    const whole = await ids(store, {});
    let arrived = 0;
    const seen = await paged(async (after) => {
      const page = await store.conversations({ limit: 4, ...after });
      await store.save([storedMessage({ id: `new-${arrived}`, conversationId: `new-${arrived}`, at: minuteAt(200 + arrived++) })]);
      return page;
    });
    expect(seen).toEqual(whole);
    expect((await ids(store, {})).length).toBe(30 + arrived);
  },

  'lists messages oldest first, by instant, then id': async ({ store }) => {
    const at = (id: string, minute: number) => storedMessage({ id, at: minuteAt(minute) });
    await store.save([at('d', 4), at('b', 2), at('c', 2)]);
    await store.save([at('z', 1), at('a', 2), at('other', 2)].map((message) => (message.id === 'other' ? { ...message, conversationId: 'other' } : message)));
    expect((await store.messages({ conversationId: 'conversation-1', limit: 10 })).items.map(({ id }) => id)).toEqual(['z', 'a', 'b', 'c', 'd']);
  },

  'pages through messages without gaps or doubles': async ({ store }) => {
    const messages = Array.from({ length: 23 }, (_, index) => storedMessage({ id: `m-${String(index).padStart(2, '0')}`, at: minuteAt(Math.floor(index / 4)) }));
    await store.save([...messages].reverse());
    for (const limit of [1, 5, 22, 23, 24]) {
      expect(await paged((after) => store.messages({ conversationId: 'conversation-1', limit, ...after }), limit)).toEqual(messages.map(({ id }) => id));
    }
  },

  'pages through messages while new ones arrive': async ({ store }) => {
    await store.save(Array.from({ length: 9 }, (_, index) => storedMessage({ id: `m-${index}`, at: minuteAt(index) })));
    let arrived = 0;
    const seen = await paged(async (after) => {
      const page = await store.messages({ conversationId: 'conversation-1', limit: 4, ...after });
      await store.save([storedMessage({ id: `new-${arrived}`, at: minuteAt(50 + arrived++) })]);
      return page;
    });
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8].map((index) => `m-${index}`).concat(['new-0', 'new-1']));
  },

  'refuses limits beyond 1 to 100': async ({ store }) => {
    await store.save([storedMessage({ id: 'm' })]);
    for (const limit of [0, -1, 101, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(store.conversations({ limit })).rejects.toMatchObject({ code: 'QUERY_INVALID', kind: 'input', details: { field: 'limit' } });
      await expect(store.messages({ conversationId: 'conversation-1', limit })).rejects.toMatchObject({ code: 'QUERY_INVALID', details: { field: 'limit' } });
    }
    expect((await store.conversations({ limit: 100 })).items.length).toBe(1);
    expect((await store.messages({ conversationId: 'conversation-1', limit: 1 })).items.length).toBe(1);
  },

  'refuses cursors it did not give': async ({ store }) => {
    await store.save([storedMessage({ id: 'm' })]);
    for (const after of ['', 'x', '!!!', 'bnVsbA', 'W10', 'WzEsMl0', 'eyIkZ3QiOiIifQ', `${'A'.repeat(5000)}`]) {
      await expect(store.conversations({ limit: 5, after })).rejects.toMatchObject({ code: 'QUERY_INVALID', kind: 'input', details: { field: 'after' } });
      await expect(store.messages({ conversationId: 'conversation-1', limit: 5, after })).rejects.toMatchObject({ code: 'QUERY_INVALID', details: { field: 'after' } });
    }
  },

  'refuses times that are none': async ({ store }) => {
    for (const time of ['yesterday', '', '2026-13-45T00:00:00Z', '1772445600000']) {
      await expect(store.conversations({ limit: 5, from: time })).rejects.toMatchObject({ code: 'QUERY_INVALID', details: { field: 'from' } });
      await expect(store.conversations({ limit: 5, to: time })).rejects.toMatchObject({ code: 'QUERY_INVALID', details: { field: 'to' } });
    }
  },
};

async function seedFilters(store: Store): Promise<void> {
  const message = (conversationId: string, minute: number, ann = {}) => storedMessage({ id: `m-${conversationId}`, conversationId, at: minuteAt(minute), ann });
  const phone = annotated.entities('phone');
  await store.save([
    message('plain', 0),
    message('price-es', 1, { ...annotated.intent('ask_price'), ...annotated.language('es'), ...annotated.sentiment('neutral', 0) }),
    message('pay-en-angry', 2, { ...annotated.intent('pay'), ...annotated.language('en'), ...annotated.sentiment('negative', -0.6), ...phone }),
    message('pay-pt-happy', 3, { ...annotated.intent('pay'), ...annotated.language('pt'), ...annotated.sentiment('positive', 0.8), ...annotated.entities('money') }),
    message('price-es-angry', 4, { ...annotated.intent('ask_price'), ...annotated.language('es'), ...annotated.sentiment('negative', -0.4), ...phone }),
  ]);
}

async function ids(store: Store, query: Omit<ConversationQuery, 'limit'>): Promise<string[]> {
  return (await store.conversations({ ...query, limit: 100 })).items.map(({ id }) => id);
}

/** The ids of all pages. Where `limit` is told, every page but the last must be full and the last not empty. */
async function paged(read: (after: { after?: string }) => Promise<Page<{ readonly id: string }>>, limit?: number): Promise<string[]> {
  const seen: string[] = [];
  let after: { after?: string } = {};
  for (let page = 0; page < 200; page++) {
    const { items, next } = await read(after);
    seen.push(...items.map(({ id }) => id));
    if (limit !== undefined && next !== undefined) expect(items.length).toBe(limit);
    if (limit !== undefined) expect(items.length).toBeGreaterThan(0);
    if (next === undefined) return seen;
    after = { after: next };
  }
  throw new Error('found no end of the pages');
}
