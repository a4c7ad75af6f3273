import { createColors } from 'picocolors';
import { describe, expect, it } from 'vitest';
import { markEntities, viewDoc, type ViewedDoc } from './view-doc.js';

const plain = createColors(false);
const colourful = createColors(true);
const source = { stage: 'x@1' };
const doc: ViewedDoc = {
  id: 'm1',
  conversationId: 'c1',
  at: '2026-03-02T15:04:05.000Z',
  author: { id: 'ana', role: 'customer', name: 'Ana' },
  direction: 'inbound',
  text: '😊 llámame al\r\n55 5555 0101',
  media: [],
  faults: [{ stage: 'process-media@1', code: 'MEDIA_CORRUPT', kind: 'fault' }],
  ann: {
    language: { code: 'es', alternatives: [], score: 0.9, source },
    intent: {
      name: 'give_contact_details',
      alternatives: [],
      score: 0.825,
      source,
      why: { summary: 'llamame spoke for it', evidence: [{ what: 'llamame', weight: 1.5 }] },
    },
    sentiment: { label: 'negative', score: -0.25, intensity: 0.2, source },
    entities: { score: 1, source, items: [{ type: 'phone', part: 'text', start: 15, end: 27, text: '55 5555 0101', score: 1, value: { kind: 'phone', e164: '+525555550101' } }] },
  },
};

describe('viewDoc', () => {
  it('shows who, the text with entities in place, what was understood and why', () => {
    expect(viewDoc(doc, plain)).toBe(
      [
        '→ Ana 2026-03-02 15:04  c1 m1',
        '  😊 llámame al',
        '  [55 5555 0101]',
        '  es · give_contact_details 0.82 · negative -0.25 · phone +525555550101 · process-media@1 MEDIA_CORRUPT',
        '    intent: llamame spoke for it (llamame 1.50)',
        '',
      ].join('\n'),
    );
  });

  it('names attachments of a message without text, and says when nothing was found', () => {
    const { ann: _, ...rest } = doc;
    const lines = viewDoc({ ...rest, ann: {}, faults: [], text: '', media: [{ kind: 'image' }, { kind: 'audio' }], direction: 'outbound', author: { id: 'bot', role: 'bot' } }, plain).split('\n');
    expect(lines).toEqual(['← bot 2026-03-02 15:04  c1 m1', '  [image] [audio]', '  nothing found', '']);
  });

  it('makes control characters of others visible, so that a message cannot steer the terminal', () => {
    const shown = viewDoc({ ...doc, text: '\u001b[2Jgone\u009b31m\u202e', author: { id: '\u001b]0;x\u0007', role: 'customer' }, ann: {} }, plain);
     expect(shown).not.toMatch(/[\u001b\u009b\u0007\u202e]/);
    expect(shown).toContain('␛[2Jgone');
  });
});

describe('markEntities', () => {
  it('underlines exact stretches in order, and leaves overlapping ones out', () => {
    const text = 'a 1 b 22 c';
    expect(markEntities(text, [{ start: 6, end: 8 }, { start: 2, end: 3 }, { start: 7, end: 9 }], plain)).toBe('a [1] b [22] c');
    expect(markEntities(text, [{ start: 2, end: 3 }], colourful)).toBe(`a ${colourful.underline(colourful.yellow('1'))} b 22 c`);
  });
});
