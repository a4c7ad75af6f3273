import { compareKeys, recentLength, summaryOf, type ConversationSummary, type StoredMessage } from '@colloquy/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { SuiteCase } from './case-suite.js';
import type { OpenedStore } from './opened-store.js';
import { idsOf } from './store-saving-cases.js';
import { annotated, minuteAt, storedMessage } from './stored-message.js';

/** The summary of a conversation: what `summaryOf` says, whatever the delivery. */
export const storeSummaryCases: Readonly<Record<string, SuiteCase<OpenedStore>>> = {
  'sums up a conversation as summaryOf does': async ({ store }) => {
    const messages = conversation(12);
    for (const message of messages) await store.save([message]);
    expect(await store.conversation('conversation-1')).toEqual(summaryOf(messages));
  },

  'sums up a conversation saved at once as summaryOf does': async ({ store }) => {
    const messages = conversation(12);
    await store.save(messages);
    expect(await store.conversation('conversation-1')).toEqual(summaryOf(messages));
  },

  'ends in the same summary after any delivery': async ({ store }) => {
    let run = 0;
    const property = fc.asyncProperty(deliveries, async ({ specs, order, batchLength }) => {
      const conversationId = `property-${run++}`;
      const messages = specs.map((spec, index) => messageOf(spec, index, conversationId));
      const delivered = order.flatMap((place) => messages[place % messages.length] ?? []).concat(messages);
      for (let start = 0; start < delivered.length; start += batchLength) await store.save(delivered.slice(start, start + batchLength));
      expect(withoutOrder(await store.conversation(conversationId))).toEqual(withoutOrder(summaryOf(messages)));
      expect(withoutOrder(await store.rebuildSummary(conversationId))).toEqual(withoutOrder(summaryOf(messages)));
    });
    await fc.assert(property, { numRuns: 25 });
  },

  'has the newest message as last, by instant, then id': async ({ store }) => {
    await store.save([storedMessage({ id: 'b', at: minuteAt(5), text: 'newest' })]);
    await store.save([storedMessage({ id: 'z', at: minuteAt(4) }), storedMessage({ id: 'a', at: minuteAt(5) })]);
    expect((await store.conversation('conversation-1'))?.last).toEqual({ id: 'b', at: minuteAt(5), direction: 'inbound', preview: 'newest' });
    await store.save([storedMessage({ id: 'c', at: minuteAt(5), direction: 'outbound', text: '' , media: [{ kind: 'audio' }] })]);
    expect((await store.conversation('conversation-1'))?.last).toEqual({ id: 'c', at: minuteAt(5), direction: 'outbound', preview: '[audio]' });
  },

  'has the newest inbound intent as lastIntent, by instant, then id': async ({ store }) => {
    await store.save([storedMessage({ id: 'b', at: minuteAt(5), ann: annotated.intent('pay') })]);
    await store.save([
      storedMessage({ id: 'c', at: minuteAt(6), direction: 'outbound', ann: annotated.intent('greeting') }),
      storedMessage({ id: 'd', at: minuteAt(7) }),
      storedMessage({ id: 'a', at: minuteAt(5), ann: annotated.intent('thanks') }),
      storedMessage({ id: 'e', at: minuteAt(1), ann: annotated.intent('complaint') }),
    ]);
    expect((await store.conversation('conversation-1'))?.lastIntent).toEqual({ id: 'b', at: minuteAt(5), name: 'pay' });
  },

  'counts an old message once after many newer ones': async ({ store }) => {
    const messages = conversation(recentLength + 30);
    await store.save(messages.slice(0, 100));
    await store.save(messages.slice(100));
    const before = await store.conversation('conversation-1');
    expect(before).toEqual(summaryOf(messages));
    expect(before?.recent.length).toBe(recentLength);
    await store.save(messages.slice(0, 20));
    await store.save(messages.slice(10, 11));
    expect(await store.conversation('conversation-1')).toEqual(before);
  },

  'makes a summary anew from the stored messages': async ({ store }) => {
    const messages = conversation(recentLength + 30);
    await store.save([...messages].reverse());
    const rebuilt = await store.rebuildSummary('conversation-1');
    expect(rebuilt).toEqual(summaryOf(messages));
    expect(await store.conversation('conversation-1')).toEqual(rebuilt);
    expect(await store.rebuildSummary('conversation-1')).toEqual(rebuilt);
    await store.save(messages.slice(0, 5));
    expect(await store.conversation('conversation-1')).toEqual(rebuilt);
    expect((await store.conversations({ limit: 10 })).items).toEqual([rebuilt]);
  },

  'goes on counting after a summary was made anew': async ({ store }) => {
    const messages = conversation(20);
    await store.save(messages.slice(0, 15));
    await store.rebuildSummary('conversation-1');
    await store.save(messages.slice(10));
    expect(await store.conversation('conversation-1')).toEqual(summaryOf(messages));
  },

  'keeps conversations apart': async ({ store }) => {
    const one = conversation(6, 'one');
    const two = conversation(9, 'two');
    await store.save(one.flatMap((message, index) => [two[index] ?? message, message]));
    await store.save(two);
    expect(await store.conversation('one')).toEqual(summaryOf(one));
    expect(withoutOrder(await store.conversation('two'))).toEqual(withoutOrder(summaryOf(two)));
    expect(await idsOf(store, 'one')).toEqual(one.map(({ id }) => id));
  },
};

interface MessageSpec {
  readonly minute: number;
  readonly author: number;
  readonly inbound: boolean;
  readonly intent: string | undefined;
  readonly polarity: number | undefined;
  readonly entityTypes: readonly string[];
  readonly language: string | undefined;
  readonly mediaCount: number;
  readonly faultCount: number;
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const deliveries = fc.record({
  specs: fc.array(
    fc.record<MessageSpec>({
      minute: fc.integer({ min: 0, max: 8 }),
      author: fc.integer({ min: 0, max: 3 }),
      inbound: fc.boolean(),
      intent: maybe(fc.constantFrom('ask_price', 'pay', 'complaint')),
      polarity: maybe(fc.constantFrom(-1, -0.5, 0, 0.25, 1)),
      entityTypes: fc.array(fc.constantFrom('phone', 'money', 'url'), { maxLength: 3 }),
      language: maybe(fc.constantFrom('en', 'es', 'pt')),
      mediaCount: fc.integer({ min: 0, max: 2 }),
      faultCount: fc.integer({ min: 0, max: 2 }),
    }),
    { minLength: 1, maxLength: 12 },
  ),
  order: fc.array(fc.nat({ max: 1000 }), { maxLength: 30 }),
  batchLength: fc.integer({ min: 1, max: 7 }),
});

function messageOf(spec: MessageSpec, index: number, conversationId: string): StoredMessage {
  return storedMessage({
    id: `${conversationId}-${index}`,
    conversationId,
    at: minuteAt(spec.minute),
    author: { id: `author-${spec.author}`, role: 'customer', name: `Name ${spec.author}` },
    direction: spec.inbound ? 'inbound' : 'outbound',
    media: Array.from({ length: spec.mediaCount }, () => ({ kind: 'image' as const })),
    faults: Array.from({ length: spec.faultCount }, () => ({ stage: 'process-media@1', code: 'MEDIA_CORRUPT', kind: 'fault' as const })),
    ann: {
      ...(spec.intent === undefined ? {} : annotated.intent(spec.intent)),
      ...(spec.polarity === undefined ? {} : annotated.sentiment(spec.polarity < 0 ? 'negative' : spec.polarity > 0 ? 'positive' : 'neutral', spec.polarity)),
      ...(spec.entityTypes.length === 0 ? {} : annotated.entities(...spec.entityTypes)),
      ...(spec.language === undefined ? {} : annotated.language(spec.language)),
    },
  });
}

/** The summary without what depends on the order of arrival: the order of `recent`. */
function withoutOrder(summary: ConversationSummary | undefined): ConversationSummary | undefined {
  return summary && { ...summary, recent: [...summary.recent].sort(compareKeys) };
}

/** A conversation in the order it was written, one message a minute. */
function conversation(length: number, conversationId = 'conversation-1'): readonly StoredMessage[] {
  return Array.from({ length }, (_, index) =>
    messageOf(
      {
        minute: index,
        author: index % 2,
        inbound: index % 3 !== 2,
        intent: index % 2 === 0 ? `intent_${index % 5}` : undefined,
        polarity: index % 4 === 0 ? (index % 3) / 2 - 0.5 : undefined,
        entityTypes: index % 5 === 0 ? ['phone', 'money'] : [],
        language: index % 7 === 0 ? 'pt' : 'es',
        mediaCount: index % 6 === 0 ? 1 : 0,
        faultCount: index % 8 === 0 ? 1 : 0,
      },
      index,
      conversationId,
    ),
  );
}
