import type { Entity } from '@colloquy/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { segmentsOf } from './segments-of.js';

const entity = (start: number, end: number, part = 'text'): Entity => ({ type: 'x', part, start, end, text: '', score: 1 });
const cut = (text: string, ...entities: readonly Entity[]) => segmentsOf(text, 'text', entities).map((segment) => (segment.entity === undefined ? segment.text : `[${segment.text}]`));

describe('segmentsOf', () => {
  it.each([
    ['no entity', 'hola', [], ['hola']],
    ['in the middle', 'a $5 b', [entity(2, 4)], ['a ', '[$5]', ' b']],
    ['at both ends, side by side', 'abcd', [entity(2, 4), entity(0, 2)], ['[ab]', '[cd]']],
    ['after an emoji, counted in UTF-16', '😀 $5', [entity(3, 5)], ['😀 ', '[$5]']],
    ['overlapping', 'abcd', [entity(0, 3), entity(2, 4)], ['[abc]', 'd']],
    ['beyond the text', 'ab', [entity(1, 9)], ['ab']],
    ['empty', 'ab', [entity(1, 1)], ['ab']],
    ['of another part', 'ab', [entity(0, 2, 'media/0/caption')], ['ab']],
    ['empty text', '', [], []],
  ])('%s', (_, text, entities, segments) => expect(cut(text, ...entities)).toEqual(segments));

  it('loses and repeats nothing, whatever the spans', () => {
    const spans = fc.array(fc.tuple(fc.integer({ min: -2, max: 30 }), fc.integer({ min: -2, max: 30 })).map(([start, end]) => entity(start, end)));
    fc.assert(fc.property(fc.string({ unit: 'binary' }), spans, (text, entities) => segmentsOf(text, 'text', entities).map((segment) => segment.text).join('') === text));
  });
});
