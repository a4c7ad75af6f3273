import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textView } from '../index.js';

describe('textView', () => {
  it.each([
    ['¿Cuánto CUESTA?', 'cuesta', 'CUESTA'],
    ['cuánto', 'cuanto', 'cuánto'],
    ['cua\u0301nto ya', 'cuanto', 'cua\u0301nto'],
    ['👨‍👩‍👧 Año', 'ano', 'Año'],
    ['a\r\nb Ñu', 'nu', 'Ñu'],
    ['ﬁn', 'fin', 'ﬁn'],
    ['שלום Día', 'dia', 'Día'],
    ['１２３ pesos', '123', '１２３'],
  ])('finds in %j the view %j as %j', (original, wanted, expected) => {
    const view = textView(original);
    const at = view.text.indexOf(wanted);
    const { start, end } = view.original(at, at + wanted.length);
    expect(original.slice(start, end)).toBe(expected);
  });

  it('keeps accents and case when told to', () => {
    expect(textView('Él Ñu', { lower: false, foldAccents: false }).text).toBe('Él Ñu');
  });

  const text = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('👍🏽', 'e\u0301', '\r\n', 'שלום', 'ﬁ', '🇲🇽', '\u0301', ' ')), { maxLength: 12 }).map((parts) => parts.join(''));

  it('maps a word planted anywhere back to exactly itself (property)', () => {
    fc.assert(
      fc.property(text, text, fc.constantFrom('Mañana', 'año', 'X9', 'Ação'), (before, after, word) => {
        const original = `${before}\n${word}\n${after}`;
        const view = textView(original);
        const planted = textView(word).text;
        const from = textView(`${before}\n`).text.length;
        expect(view.text.slice(from, from + planted.length)).toBe(planted);
        const { start, end } = view.original(from, from + planted.length);
        expect(original.slice(start, end)).toBe(word);
      }),
    );
  });

  it('maps the whole to the whole, and every stretch to an ordered one inside (property)', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), (original, a, b) => {
        const view = textView(original);
        const length = view.text.length;
        if (length > 0 && view.original(0, length).end > original.length) throw new Error('beyond the end');
        const [from, to] = [a % (length + 1), b % (length + 1)].sort((x, y) => x - y) as [number, number];
        const { start, end } = view.original(from, to);
        expect(start >= 0 && start <= end && end <= original.length).toBe(true);
      }),
    );
  });
});
