import type { StoredMessage } from '@colloquy/core';

/** A small stored message; give the fields that matter. */
export function storedMessage(fields: Partial<StoredMessage> & Pick<StoredMessage, 'id'>): StoredMessage {
  const conversationId = fields.conversationId ?? 'conversation-1';
  return {
    conversationId,
    at: '2026-03-02T10:00:00.000Z',
    author: { id: conversationId, role: 'customer' },
    channel: 'whatsapp',
    direction: 'inbound',
    text: `text of ${fields.id}`,
    media: [],
    meta: {},
    ann: {},
    faults: [],
    pipeline: ['identify-language@1'],
    position: { source: 'test', partition: 'inbound/0', offset: 0 },
    enrichedAt: '2026-03-02T10:00:01.000Z',
    ...fields,
  };
}

/** An annotation slot each, as a stage would fill it. */
export const annotated = {
  intent: (name: string, score = 0.9): StoredMessage['ann'] => ({ intent: { name, score, alternatives: [], source: { stage: 'classify-intent@1' } } }),
  language: (code: string): StoredMessage['ann'] => ({ language: { code, score: 0.8, alternatives: [], source: { stage: 'identify-language@1' } } }),
  sentiment: (label: 'positive' | 'neutral' | 'negative', score: number): StoredMessage['ann'] => ({
    sentiment: { label, score, intensity: Math.abs(score), source: { stage: 'score-sentiment@1' } },
  }),
  entities: (...types: readonly string[]): StoredMessage['ann'] => ({
    entities: {
      score: 1,
      source: { stage: 'extract-entities@1' },
      items: types.map((type, index) => ({ type, part: 'text', start: index, end: index + 1, text: 'x', score: 0.7 })),
    },
  }),
} as const;

/** `minute` minutes after ten o'clock of one day, as messages carry it. */
export function minuteAt(minute: number): string {
  return new Date(Date.UTC(2026, 2, 2, 10, minute)).toISOString();
}
