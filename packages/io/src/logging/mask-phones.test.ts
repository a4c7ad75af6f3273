import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskPhones } from './mask-phones.js';

describe('maskPhones', () => {
  it.each([
    ['+525512345678', '+***5678'],
    ['+52 55 1234 5678', '+***5678'],
    ['(55) 1234-5678', '(***5678'],
    ['wa-5215512345678@s.whatsapp.net', 'wa-***5678@s.whatsapp.net'],
    ['tel5215512345678x', 'tel***5678x'],
    ['/conversations/5215512345678/messages', '/conversations/***5678/messages'],
    ['55.12.34.56.78', '***5678'],
    ['55–1234–5678', '***5678'],
    ['55\u200b1234\u200b5678', '***5678'],
    ['٠٥٥١٢٣٤٥٦٧', '***٤٥٦٧'],
    ['5512345678, 5598765432', '***5678, ***5432'],
    ['2026-03-02 5512345678', '***5678'],
    ['5215512345678901', '***8901'],
  ])('%s → %s', (text, masked) => expect(maskPhones(text)).toBe(masked));

  it.each([
    'es-001-02',
    'classify-intent@1',
    'conversations.inbound/3/123456',
    '2026-03-02T15:04:05.123Z',
    '2026-03-02T15:04:05-06:00',
    '01234567-89ab-4cde-8f01-234567890123',
    `sha256-${'0123456789'.repeat(6)}abcd`,
    'http://127.0.0.1:8080',
    'http://192.168.100.200:8080',
    '192.168.100.200:9092',
    '123456',
    '8c0d1f25857763e5',
  ])('leaves %s', (text) => expect(maskPhones(text)).toBe(text));

  it('leaves no seven digits of a number, whatever stands around it', () => {
    const separator = fc.constantFrom('', ' ', '-', '.', ') ', ' (');
    const number = fc.tuple(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 7, maxLength: 15 }), separator).map(([digits, mark]) => digits.join(mark));
    const around = fc.string().map((text) => text.replace(/\d/g, ''));
    fc.assert(
      fc.property(around, number, around, (before, phone, after) => {
        const masked = maskPhones(before + phone + after);
        expect(masked.match(/\d/g)).toHaveLength(4);
      }),
    );
  });
});
