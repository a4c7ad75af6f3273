import { describe, expect, it } from 'vitest';
import { checkedLimit, conversationFilter, cursorOf, keyOfCursor, pageOf } from './store-query.js';

const refused = (field: string) => expect.objectContaining({ code: 'QUERY_INVALID', details: expect.objectContaining({ field }) as unknown });

describe('conversationFilter', () => {
  it('turns properties into facets and times into one form', () => {
    const after = { at: '2026-03-02T10:00:00.000Z', id: 'c' };
    expect(conversationFilter({ language: 'es', intent: 'pay', sentiment: 'negative', entityType: 'phone', from: '2026-03-02T12:00+02:00', to: '2026-03-02T11:00:00Z', limit: 20, after: cursorOf(after) })).toEqual({
      facets: ['intent:pay', 'entity:phone', 'sentiment:negative', 'language:es'],
      from: '2026-03-02T10:00:00.000Z',
      to: '2026-03-02T11:00:00.000Z',
      limit: 20,
      after,
    });
    expect(conversationFilter({ limit: 1 })).toEqual({ facets: [], limit: 1 });
  });

  it('names the field it refuses', () => {
    expect(() => conversationFilter({ limit: 0 })).toThrow(refused('limit'));
    expect(() => conversationFilter({ limit: 5, from: 'now' })).toThrow(refused('from'));
    expect(() => conversationFilter({ limit: 5, to: '2026-03-02' })).toThrow(refused('to'));
    expect(() => conversationFilter({ limit: 5, after: 'x' })).toThrow(refused('after'));
  });
});

describe('cursorOf', () => {
  it.each(['a', '👩‍👩‍👧', '"]\\', 'ñ'.repeat(256)])('gives back the key of %j', (id) => {
    const key = { at: '2026-03-02T10:00:00.123Z', id };
    expect(cursorOf(key)).toMatch(/^[\w-]+$/);
    expect(keyOfCursor(cursorOf(key))).toEqual(key);
  });

  it.each([['yesterday', 'x'], ['2026-03-02T10:00:00.000Z'], ['2026-03-02T10:00:00.000Z', 'x', 'y'], ['2026-03-02T10:00:00.000Z', 5]])('refuses a cursor of %j', (...list) => {
    expect(() => keyOfCursor(Buffer.from(JSON.stringify(list)).toString('base64url'))).toThrow(refused('after'));
  });
});

describe('pageOf', () => {
  const items = ['a', 'b', 'c'].map((id) => ({ id, at: '2026-03-02T10:00:00.000Z' }));
  it('cuts off what was found beyond the page and tells where the next begins', () => {
    const page = pageOf(items, 2, (item) => item);
    expect(page.items).toEqual(items.slice(0, 2));
    expect(keyOfCursor(page.next)).toEqual(items[1]);
    expect(pageOf(items, 3, (item) => item)).toEqual({ items });
    expect(pageOf([], 3, () => ({ id: '', at: '' }))).toEqual({ items: [] });
  });
});

describe('checkedLimit', () => {
  it('takes 1 to 100', () => {
    expect([1, 20, 100].map(checkedLimit)).toEqual([1, 20, 100]);
    for (const limit of [0, 101, -1, 0.5, Number.NaN]) expect(() => checkedLimit(limit)).toThrow(refused('limit'));
  });
});
