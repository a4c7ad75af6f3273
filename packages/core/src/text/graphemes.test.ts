import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphemes } from './graphemes.js';

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

function whole(text: string) {
  return [...segmenter.segment(text)].map(({ segment, index }) => ({ segment, index }));
}

describe('graphemes', () => {
  const piece = fc.constantFrom('a', ' ', '\r', '\n', '\r\n', '👍🏽', '👍', '🏽', 'e\u0301', '\u0301', '\u200d', '👨‍👩‍👧‍👦', '🇲🇽', '🇧', 'ﬁ', 'ש', '한', 'ᄒ', 'ᅡ', 'ᆫ', '\ud83d', 'ñ', '©', '\u00ad', '\u0300', '\u0600', 'क', '्', 'ष');

  it('are those of the segmenter, wherever a window ends (property)', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.array(piece, { maxLength: 20 }), fc.array(piece, { maxLength: 8 }), (shift, parts, filler) => {
        const text = ('x'.repeat(1_024 - shift) + parts.join('') + filler.join('').repeat(200)).slice(0, 4_000);
        expect([...graphemes(text)]).toEqual(whole(text));
      }),
      { numRuns: 100 },
    );
  });

  it.each([['one cluster longer than a window', `e${'\u0301'.repeat(5_000)}a`], ['joined without end', '👩\u200d'.repeat(2_000)], ['flags', '🇲🇽'.repeat(1_001)], ['nothing', '']])('%s', (_, text) => {
    expect([...graphemes(text)]).toEqual(whole(text));
  });

  it('take time by the length of the text', () => {
    const startedAt = performance.now();
    expect([...graphemes('😀'.repeat(32_768))]).toHaveLength(32_768);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
