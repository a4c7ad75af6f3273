import { isDeepStrictEqual } from 'node:util';
import { isColloquyError, type Store, type StoredMessage } from '@colloquy/core';
import { expect } from 'vitest';
import type { SuiteCase } from './case-suite.js';
import type { OpenedStore } from './opened-store.js';
import { annotated, minuteAt, storedMessage } from './stored-message.js';

/** Saving and reading back. */
export const storeSavingCases: Readonly<Record<string, SuiteCase<OpenedStore>>> = {
  'answers its check': async ({ store }) => {
    await expect(store.check()).resolves.toBeUndefined();
    expect(store.name).not.toBe('');
  },

  'may be opened again while open': async ({ store }) => {
    await store.save([fullMessage]);
    await store.open();
    expectSame(await store.message(fullMessage.id), fullMessage);
  },

  'gives back exactly what was saved': async ({ store }) => {
    await store.save([fullMessage]);
    expectSame(await store.message(fullMessage.id), fullMessage);
    expectSame((await store.messages({ conversationId: fullMessage.conversationId, limit: 10 })).items[0], fullMessage);
  },

  'keeps every text, key and number as it is': async ({ store }) => {
    const messages = oddities.map((meta, index) => storedMessage({ id: `odd-${index}`, meta, text: String(meta['text'] ?? 'x') }));
    await store.save(messages);
    for (const message of messages) expectSame(await store.message(message.id), message);
  },

  'is not changed through the messages given or got': async ({ store }) => {
    const meta = { tag: 'before' };
    await store.save([storedMessage({ id: 'm', meta })]);
    meta.tag = 'after';
    const got = (await store.message('m')) as unknown as { meta: { tag: string } };
    got.meta.tag = 'after';
    expect((await store.message('m'))?.meta).toEqual({ tag: 'before' });
  },

  'takes an empty save': async ({ store }) => {
    await store.save([]);
    expect((await store.conversations({ limit: 10 })).items).toEqual([]);
  },

  'has nothing under unknown ids': async ({ store }) => {
    await store.save([fullMessage]);
    expect(await store.message('unknown')).toBeUndefined();
    expect(await store.conversation('unknown')).toBeUndefined();
    expect(await store.rebuildSummary('unknown')).toBeUndefined();
    expect(await store.conversation('unknown')).toBeUndefined();
    expect(await store.messages({ conversationId: 'unknown', limit: 10 })).toEqual({ items: [] });
  },

  'changes nothing when a message is saved again': async ({ store }) => {
    await store.save([fullMessage]);
    const summary = await store.conversation(fullMessage.conversationId);
    await store.save([fullMessage]);
    await store.save([fullMessage]);
    expectSame(await store.message(fullMessage.id), fullMessage);
    expect(await store.conversation(fullMessage.conversationId)).toEqual(summary);
    expect(summary?.counts.messages).toBe(1);
  },

  'keeps the first version when a message comes again changed': async ({ store }) => {
    const first = storedMessage({ id: 'm', ann: annotated.intent('ask_price') });
    const changed = storedMessage({ id: 'm', text: 'changed', at: minuteAt(5), ann: { ...annotated.intent('pay'), ...annotated.entities('phone') }, direction: 'outbound' });
    await store.save([first]);
    const summary = await store.conversation(first.conversationId);
    await store.save([changed]);
    expectSame(await store.message('m'), first);
    expect(await store.conversation(first.conversationId)).toEqual(summary);
    expect((await store.conversations({ limit: 10, entityType: 'phone' })).items).toEqual([]);
  },

  'keeps the first version when a message comes again in another conversation': async ({ store }) => {
    await store.save([storedMessage({ id: 'm', conversationId: 'one' })]);
    await store.save([storedMessage({ id: 'm', conversationId: 'two' })]);
    expect((await store.message('m'))?.conversationId).toBe('one');
    expect(await store.conversation('two')).toBeUndefined();
    expect((await store.messages({ conversationId: 'two', limit: 10 })).items).toEqual([]);
  },

  'takes a message twice in one save': async ({ store }) => {
    const message = storedMessage({ id: 'm' });
    await store.save([message, storedMessage({ id: 'n' }), message]);
    expect((await store.conversation(message.conversationId))?.counts.messages).toBe(2);
    expect(await idsOf(store, message.conversationId)).toEqual(['m', 'n']);
  },

  'takes the same messages from several calls at once': async ({ store }) => {
    const messages = Array.from({ length: 30 }, (_, index) => storedMessage({ id: `m-${pad(index)}`, conversationId: `c-${index % 3}`, at: minuteAt(index) }));
    await Promise.all([store.save(messages), store.save([...messages].reverse()), store.save(messages.slice(10, 20)), ...messages.map((message) => store.save([message]))]);
    for (const id of ['c-0', 'c-1', 'c-2']) {
      expect((await store.conversation(id))?.counts.messages).toBe(10);
      expect(await idsOf(store, id)).toEqual(messages.filter(({ conversationId }) => conversationId === id).map((message) => message.id));
    }
  },

  'takes messages of one conversation from several calls at once': async ({ store }) => {
    const messages = Array.from({ length: 40 }, (_, index) => storedMessage({ id: `m-${pad(index)}`, at: minuteAt(index), ann: annotated.intent(`intent_${index}`) }));
    await Promise.all(messages.map((message) => store.save([message])));
    const summary = await store.conversation('conversation-1');
    expect(summary?.counts.messages).toBe(40);
    expect(summary?.last.id).toBe('m-039');
    expect(summary?.facets.length).toBe(41);
  },

  'takes 500 messages in one save': async ({ store }) => {
    const messages = Array.from({ length: 500 }, (_, index) => storedMessage({ id: `m-${pad(index)}`, conversationId: `c-${index % 20}`, at: minuteAt(index), ann: annotated.language('es') }));
    await store.save(messages);
    expect((await store.conversations({ limit: 100, language: 'es' })).items.map(({ counts }) => counts.messages)).toEqual(Array(20).fill(25));
    expectSame(await store.message('m-499'), messages[499]);
  },

  'stores or refuses a message of 20 MB': async ({ store }) => {
    const huge = storedMessage({ id: 'huge', conversationId: 'huge', text: 'ñ'.repeat(10_000_000) });
    const failure = await store.save([huge]).then(() => undefined, (error: unknown) => error);
    if (failure === undefined) {
      expect((await store.message('huge'))?.text.length).toBe(10_000_000);
    } else {
      expect(isColloquyError(failure) && failure.code).toBe('STORE_REFUSED');
      expect(String(failure)).not.toContain('ñññ');
      expect(await store.message('huge')).toBeUndefined();
      expect(await store.conversation('huge')).toBeUndefined();
    }
    await store.save([storedMessage({ id: 'after' })]);
    expect((await store.message('after'))?.id).toBe('after');
  },

  'keeps apart ids of any form': async ({ store }) => {
    const messages = hostileIds.map((id, index) => storedMessage({ id, conversationId: id, at: minuteAt(index) }));
    await store.save(messages);
    for (const message of messages) {
      expectSame(await store.message(message.id), message);
      expect((await store.conversation(message.id))?.counts.messages).toBe(1);
      expect(await idsOf(store, message.id)).toEqual([message.id]);
    }
    expect((await allConversations(store)).map(({ id }) => id)).toEqual([...hostileIds].reverse());
  },

  'keeps everything when it is opened again': async ({ store, reopen }) => {
    const more = storedMessage({ id: 'more', conversationId: fullMessage.conversationId, at: minuteAt(500) });
    await store.save([fullMessage, more]);
    const summary = await store.conversation(fullMessage.conversationId);
    const again = await reopen();
    expectSame(await again.message(fullMessage.id), fullMessage);
    expect(await again.conversation(fullMessage.conversationId)).toEqual(summary);
    await again.save([more]);
    expect(await again.conversation(fullMessage.conversationId)).toEqual(summary);
    expect((await again.conversations({ limit: 10, intent: 'ask_price' })).items).toEqual([summary]);
  },
};

const fullMessage: StoredMessage = storedMessage({
  id: 'wamid.HBgN=',
  conversationId: '+5215555550101',
  at: '2026-03-02T10:00:00.123Z',
  author: { id: '+5215555550101', role: 'customer', name: 'Doña Chelo 👵🏽' },
  text: '¿Cuánto cuesta? \r\n👩‍👩‍👧 e\u0301 \u202Eשלום\u202C $100',
  media: [
    { kind: 'image', ref: `sha256-${'a'.repeat(64)}`, mimeType: 'image/jpeg', name: 'foto.jpg', caption: 'mire 📷' },
    { kind: 'location', latitude: 19.432608, longitude: -99.133209 },
  ],
  meta: { campaign: 'buen-fin', nested: { list: [1, 'two', null, true, { deep: [] }] }, $set: { 'a.b': 1 } },
  ann: {
    language: { code: 'es', score: 0.93, alternatives: [{ code: 'pt', score: 0.07 }], spans: [{ part: 'text', start: 0, end: 4, code: 'en', score: 0.5 }], source: { stage: 'identify-language@1' } },
    intent: {
      name: 'ask_price',
      score: 0.875,
      alternatives: [{ name: 'pay', score: 0.1 }],
      source: { stage: 'classify-intent@1', model: 'intent/service-chat-nlpjs@0.1.0' },
      why: { summary: 'the word cuesta', evidence: [{ what: 'cuesta', weight: 2.5 }], threshold: 0.5, runnerUp: { name: 'pay', score: 0.1 } },
    },
    entities: {
      score: 1,
      source: { stage: 'extract-entities@1' },
      items: [
        { type: 'money', part: 'text', start: 40, end: 44, text: '$100', score: 0.9, value: { kind: 'money', amount: 100, currency: 'MXN' } },
        { type: 'phone', part: 'media/0/caption', start: 0, end: 4, text: 'mire', score: 0.1 },
      ],
    },
    sentiment: { label: 'negative', score: -0.25, intensity: 0.25, source: { stage: 'score-sentiment@1' } },
    media: { score: 1, source: { stage: 'process-media@1' }, items: [{ index: 0, kind: 'image', sizeBytes: 1234, ref: `sha256-${'a'.repeat(64)}`, verdict: 'refused', reason: 'MEDIA_CORRUPT', animated: false }] },
  },
  faults: [{ stage: 'process-media@1', code: 'MEDIA_CORRUPT', kind: 'fault' }],
  pipeline: ['identify-language@1', 'classify-intent@1', 'intent/service-chat-nlpjs@0.1.0'],
  position: { source: 'embedded', partition: 'inbound/7', offset: 4_503_599_627_370_496 },
});

const oddities: readonly StoredMessage['meta'][] = [
  { text: ' leading and trailing \t\n' },
  { text: 'cafe\u0301 café ﬁ Å' },
  { text: '👨‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿🇲🇽' },
  { text: '\uFEFFbom\u200Bzero\u00ADsoft\u2028line\u0001control' },
  { text: `'; DROP TABLE messages; -- "\\` },
  { text: 'x'.repeat(65_536) },
  { '': 'empty key', 'a.b': 'dot', $where: 'dollar', 'ключ 🔑': 'unicode', constructor: 'c', toString: 't' },
  JSON.parse('{"__proto__": {"polluted": true}, "inner": {"__proto__": 1}}') as StoredMessage['meta'],
  { numbers: [0, -1, 1.5, 0.1, 1e21, 1e-7, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 53), Number.MAX_VALUE, Number.MIN_VALUE] },
  { empty: {}, list: [], nested: [[[]], [{}]], nothing: null, yes: true, no: false, date: '2026-03-02T10:00:00.000Z', id: '507f1f77bcf86cd799439011' },
];

const hostileIds = [
  `it's "quoted" \`back\``,
  '$where',
  '$set.a',
  'a.b.c',
  '../../etc/passwd',
  'C:\\temp\\x',
  'with space',
  ' with space',
  '%00%2e%2e',
  '{"$gt": ""}',
  "' OR 1=1 --",
  'i'.repeat(256),
  `${'i'.repeat(255)}j`,
  '👩‍👩‍👧',
  'é',
  'e\u0301',
  'İ',
  'A',
  'a',
  '0',
  '00',
  '1e3',
  'null',
  'undefined',
  '__proto__',
  'constructor',
  '+5215555550101',
  'a\nb',
  'a|b',
  'a:b',
  'a\u001fb',
] as const;

/** Deep equality that also sees own `__proto__` keys; the text of a large difference is not printed. */
function expectSame(found: unknown, expected: unknown): void {
  if (isDeepStrictEqual(found, expected)) return;
  expect(JSON.stringify(found)?.slice(0, 20_000)).toBe(JSON.stringify(expected)?.slice(0, 20_000));
  throw new Error('found a value that differs from the expected one in types or prototypes');
}

export async function idsOf(store: Store, conversationId: string): Promise<string[]> {
  return (await store.messages({ conversationId, limit: 100 })).items.map(({ id }) => id);
}

async function allConversations(store: Store) {
  return (await store.conversations({ limit: 100 })).items;
}

function pad(index: number): string {
  return String(index).padStart(3, '0');
}
