import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorTable, isColloquyError, messageLimits, parseMessage } from './index.js';

const now = Date.parse('2026-06-01T12:00:00Z');
const good = { id: 'm1', conversationId: 'c1', at: '2026-03-02T15:04:05Z', text: 'hola' };
const parse = (value: unknown) => parseMessage(value, { now });
const codeOf = (value: unknown) => {
  try {
    parse(value);
    return 'accepted';
  } catch (error) {
    return isColloquyError(error) ? error.code : error;
  }
};

describe('parseMessage', () => {
  it('fills the defaults', () => {
    expect(parse({ id: 'm1', conversationId: 'c1', text: 'hola' })).toEqual({
      id: 'm1', conversationId: 'c1', at: '2026-06-01T12:00:00.000Z', author: { id: 'c1', role: 'customer' },
      channel: 'unknown', direction: 'inbound', text: 'hola', media: [], meta: {},
    });
  });

  it.each([
    ['2026-03-02T15:04:05Z', '2026-03-02T15:04:05.000Z'],
    ['2026-03-02T09:04:05.5-06:00', '2026-03-02T15:04:05.500Z'],
    ['2026-03-02T15:04+0000', '2026-03-02T15:04:00.000Z'],
    [new Date('2026-03-02T15:04:05Z'), '2026-03-02T15:04:05.000Z'],
  ])('takes the instant %s', (at, expected) => {
    expect(parse({ ...good, at }).at).toBe(expected);
  });

  it('dates a message without at by the given default', () => {
    expect(parseMessage({ id: 'm', conversationId: 'c', text: 'x' }, { now, defaultAt: '2026-01-01T00:00:00Z' }).at).toBe('2026-01-01T00:00:00.000Z');
  });

  it.each<[string, unknown, string]>([
    ['null', null, 'MESSAGE_NOT_OBJECT'],
    ['a list', [good], 'MESSAGE_NOT_OBJECT'],
    ['a string', 'hola', 'MESSAGE_NOT_OBJECT'],
    ['no id', { ...good, id: undefined }, 'MESSAGE_FIELD_MISSING'],
    ['a blank id', { ...good, id: ' ' }, 'MESSAGE_FIELD_MISSING'],
    ['an id of a wrong type', { ...good, id: 7 }, 'MESSAGE_FIELD_INVALID'],
    ['an id too long', { ...good, id: 'x'.repeat(257) }, 'MESSAGE_FIELD_INVALID'],
    ['no conversation', { ...good, conversationId: undefined }, 'MESSAGE_FIELD_MISSING'],
    ['neither text nor media', { ...good, text: undefined }, 'MESSAGE_EMPTY'],
    ['blank text and no media', { ...good, text: ' \n', media: [] }, 'MESSAGE_EMPTY'],
    ['text of a wrong type', { ...good, text: { a: 1 } }, 'MESSAGE_FIELD_INVALID'],
    ['1 MB of text', { ...good, text: 'x'.repeat(1_000_000) }, 'MESSAGE_TEXT_TOO_LONG'],
    ['a lone high surrogate', { ...good, text: 'a\ud83d' }, 'MESSAGE_TEXT_MALFORMED'],
    ['a lone low surrogate', { ...good, text: '\ude00a' }, 'MESSAGE_TEXT_MALFORMED'],
    ['a NUL', { ...good, text: 'a\u0000b' }, 'MESSAGE_TEXT_MALFORMED'],
    ['a NUL in an id', { ...good, id: 'a\u0000b' }, 'MESSAGE_TEXT_MALFORMED'],
    ['an unknown field', { ...good, txt: 'x' }, 'MESSAGE_FIELD_UNKNOWN'],
    ['an unknown field of the author', { ...good, author: { id: 'a', phone: '1' } }, 'MESSAGE_FIELD_UNKNOWN'],
    ['a role that is none', { ...good, author: { id: 'a', role: 'king' } }, 'MESSAGE_FIELD_INVALID'],
    ['a direction that is none', { ...good, direction: 'sideways' }, 'MESSAGE_FIELD_INVALID'],
    ['a time in words', { ...good, at: 'yesterday' }, 'MESSAGE_FIELD_INVALID'],
    ['a time without offset', { ...good, at: '2026-03-02T15:04:05' }, 'MESSAGE_FIELD_INVALID'],
    ['epoch seconds', { ...good, at: 1772463845 }, 'MESSAGE_FIELD_INVALID'],
    ['an impossible date', { ...good, at: '2026-13-45T15:04:05Z' }, 'MESSAGE_FIELD_INVALID'],
    ['the 30th of February', { ...good, at: '2026-02-30T00:00:00Z' }, 'MESSAGE_FIELD_INVALID'],
    ['the far future', { ...good, at: '2031-01-01T00:00:00Z' }, 'MESSAGE_TIME_IMPLAUSIBLE'],
    ['1970', { ...good, at: '1970-01-01T00:00:00Z' }, 'MESSAGE_TIME_IMPLAUSIBLE'],
    ['media that is no list', { ...good, media: {} }, 'MESSAGE_FIELD_INVALID'],
    ['too many attachments', { ...good, media: Array.from({ length: 33 }, () => ({ kind: 'image' })) }, 'MESSAGE_FIELD_INVALID'],
    ['an attachment of no kind', { ...good, media: [{}] }, 'MESSAGE_FIELD_INVALID'],
    ['a malformed ref', { ...good, media: [{ kind: 'image', ref: '../../etc/passwd' }] }, 'MEDIA_REF_INVALID'],
    ['a latitude out of range', { ...good, media: [{ kind: 'location', latitude: 91, longitude: 0 }] }, 'MESSAGE_FIELD_INVALID'],
    ['meta that is no object', { ...good, meta: 'x' }, 'MESSAGE_FIELD_INVALID'],
    ['meta with a function', { ...good, meta: { f: () => 1 } }, 'MESSAGE_FIELD_INVALID'],
    ['meta with NaN', { ...good, meta: { n: NaN } }, 'MESSAGE_FIELD_INVALID'],
    ['meta too deep', { ...good, meta: JSON.parse('{"a":'.repeat(40) + '1' + '}'.repeat(40)) as unknown }, 'MESSAGE_FIELD_INVALID'],
    ['meta too large', { ...good, meta: { a: 'x'.repeat(messageLimits.metaChars) } }, 'MESSAGE_FIELD_INVALID'],
  ])('refuses %s', (_, value, code) => {
    expect(codeOf(value)).toBe(code);
  });

  it('accepts what is unusual but right', () => {
    const text = '👨‍👩‍👧 नमस्ते\r\nמה שלומך \u0301';
    expect(parse({ ...good, text, meta: { a: [1, null, { b: true }] }, at: '2026-06-02T11:00:00Z' })).toMatchObject({ text });
    expect(parse({ id: 'm', conversationId: 'c', media: [{ kind: 'location', latitude: 19.4, longitude: -99.1 }] }).text).toBe('');
  });

  it('never prints what it was given', () => {
    const secret = 'llámame al 5512345678';
    for (const value of [{ ...good, [secret]: 1 }, { ...good, direction: secret }, { ...good, at: secret }, { ...good, author: secret }, { ...good, media: [{ kind: secret }] }]) {
      try {
        parse(value);
        expect.unreachable();
      } catch (error) {
        expect(String(error)).not.toContain('5512345678');
      }
    }
  });

  it('answers anything with a message or a coded input error (property)', () => {
    const value = fc.oneof(fc.anything(), fc.record({ id: fc.anything(), conversationId: fc.anything(), text: fc.anything(), at: fc.anything(), media: fc.anything(), meta: fc.anything() }, { requiredKeys: [] }));
    fc.assert(
      fc.property(value, (input) => {
        const code = codeOf(input);
        if (code !== 'accepted') expect(errorTable[code as keyof typeof errorTable]?.kind).toBe('input');
      }),
      { numRuns: 2_000 },
    );
  });
});
