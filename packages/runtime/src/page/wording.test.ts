import type { EntityValue } from '@colloquy/core';
import { describe, expect, it } from 'vitest';
import { conversationName, entityTitle, mediaFacts } from './wording.js';

describe('entityTitle', () => {
  it.each<[string, EntityValue | undefined, string]>([
    ['money', { kind: 'money', amount: 250, currency: 'MXN' }, 'money: 250 MXN'],
    ['money', { kind: 'money', amount: 250 }, 'money: 250'],
    ['number', { kind: 'number', number: 3 }, 'number: 3'],
    ['phone', { kind: 'phone', e164: '+525512345678' }, 'phone: +525512345678'],
    ['datetime', { kind: 'datetime', from: '2026-03-02', to: '2026-03-04', grain: 'date' }, 'datetime: 2026-03-02 – 2026-03-04'],
    ['order_id', undefined, 'order id: as written'],
  ])('%s %j', (type, value, title) => {
    expect(entityTitle({ type, part: 'text', start: 0, end: 1, text: 'as written', score: 1, ...(value === undefined ? {} : { value }) })).toBe(title);
  });
});

describe('conversationName', () => {
  it('names people, not bots', () => {
    const bot = { id: 'bot', role: 'bot' as const, name: 'Casa Lista' };
    expect(conversationName({ id: 'c', participants: [bot, { id: '+52', role: 'customer', name: 'Chelo' }, { id: 'p', role: 'provider' }] })).toBe('Chelo, p');
    expect(conversationName({ id: 'c', participants: [bot] })).toBe('c');
  });
});

describe('mediaFacts', () => {
  it.each([
    [{ sizeBytes: 999 }, '999 B'],
    [{ sizeBytes: 12_300, durationMs: 67_400 }, '1:07 · 12 kB'],
    [{ sizeBytes: 2_500_000, pages: 1 }, '1 page · 2.5 MB'],
  ])('%j', (item, facts) => expect(mediaFacts(item)).toBe(facts));
});
