import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldSummary, recentLength, sentimentTrend, summaryOf, type StoredMessage } from './index.js';

function stored(number: number, over: Partial<StoredMessage> = {}): StoredMessage {
  const minute = String(number % 60).padStart(2, '0');
  return {
    id: `m${number}`, conversationId: 'c1', at: `2026-03-02T10:${minute}:00.000Z`, author: { id: `a${number % 3}`, role: 'customer' }, channel: 'whatsapp',
    direction: number % 4 === 3 ? 'outbound' : 'inbound', text: `texto ${number}`, media: [], meta: {}, faults: [], pipeline: [],
    position: { source: 's', partition: 'p', offset: number }, enrichedAt: '2026-03-02T11:00:00.000Z',
    ann: {
      intent: { source: { stage: 's@1' }, score: 1, name: number % 2 ? 'greeting' : 'pay', alternatives: [] },
      sentiment: { source: { stage: 's@1' }, score: (number % 5) / 5 - 0.4, label: 'neutral', intensity: 0 },
    },
    ...over,
  };
}

describe('foldSummary', () => {
  it('counts a message once', () => {
    const once = foldSummary(undefined, stored(1));
    expect(foldSummary(once, stored(1))).toBe(once);
    expect(once.counts).toEqual({ messages: 1, inbound: 1, outbound: 0, media: 0, faults: 0 });
    expect(once.facets).toEqual(['channel:whatsapp', 'intent:greeting', 'sentiment:neutral']);
  });

  it('comes to the same summary in any order of arrival, with redeliveries (property)', () => {
    const messages = Array.from({ length: 30 }, (_, number) => stored(number));
    const expected = { ...summaryOf(messages), recent: undefined };
    fc.assert(
      fc.property(fc.shuffledSubarray(messages, { minLength: 30 }), fc.array(fc.nat(29), { maxLength: 20 }), (order, again) => {
        const deliveries = [...order];
        for (const index of again) deliveries.splice(index, 0, order[index] as StoredMessage);
        expect({ ...summaryOf(deliveries), recent: undefined }).toEqual(expected);
      }),
    );
  });

  it('takes last and lastIntent by (at, id), the intent from inbound messages only', () => {
    const summary = summaryOf([stored(5), stored(7, { text: '', media: [{ kind: 'audio' }] }), stored(2)]);
    expect(summary?.last).toEqual({ at: '2026-03-02T10:07:00.000Z', id: 'm7', direction: 'outbound', preview: '[audio]' });
    expect(summary?.lastIntent).toEqual({ at: '2026-03-02T10:05:00.000Z', id: 'm5', name: 'greeting' });
  });

  it('never cuts a preview inside an emoji', () => {
    const summary = summaryOf([stored(1, { text: 'x'.repeat(119) + '😀 y' })]);
    expect(summary?.last.preview).toBe('x'.repeat(119));
  });

  it('bounds what it remembers', () => {
    const summary = summaryOf(Array.from({ length: 400 }, (_, number) => stored(number, { author: { id: `p${number}`, role: 'customer' } })));
    expect([summary?.recent.length, summary?.participants.length, summary?.counts.messages]).toEqual([recentLength, 64, 400]);
  });
});

describe('sentimentTrend', () => {
  const trendOf = (scores: number[]) =>
    sentimentTrend(summaryOf(scores.map((score, number) => stored(number, { direction: 'inbound', ann: { sentiment: { source: { stage: 's@1' }, score, label: 'neutral', intensity: 0 } } }))) as never);

  it.each([
    [[0.1, 0, 0.1, 0.8, 0.9, 0.7], 'rising'],
    [[0.8, 0.9, 0.7, -0.5, -0.6, -0.2], 'falling'],
    [[0.1, 0.2, 0.1, 0.2, 0.1, 0.2], 'steady'],
    [[-1, 1], 'steady'],
  ])('%j is %s', (scores, direction) => {
    expect(trendOf(scores)?.direction).toBe(direction);
  });

  it('is absent without sentiment', () => {
    expect(sentimentTrend(summaryOf([stored(1, { ann: {} })]) as never)).toBeUndefined();
  });
});
