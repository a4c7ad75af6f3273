import type { StoredMessage } from '@colloquy/core';
import { describe, expect, it } from 'vitest';
import { demoTally } from './demo-tally.js';

const source = { stage: 'x@1' };
function message(id: string, direction: 'inbound' | 'outbound', intent: string): StoredMessage {
  return {
    id,
    conversationId: `c-${id[0] as string}`,
    at: '2026-03-02T15:04:05.000Z',
    author: { id: 'a', role: 'customer' },
    channel: 'whatsapp',
    direction,
    text: 'x',
    media: [],
    meta: {},
    ann: { intent: { name: intent, alternatives: [], score: 1, source }, language: { code: 'es', alternatives: [], score: 1, source } },
    faults: id === 'a3' ? [{ stage: 'x@1', code: 'STAGE_DEADLINE', kind: 'fault' }] : [],
    pipeline: [],
    position: { source: 's', partition: 'p', offset: 0 },
    enrichedAt: '2026-03-02T15:04:06.000Z',
  };
}

describe('demoTally', () => {
  it('counts each message once, and intents of inbound messages only', () => {
    const tally = demoTally();
    for (const item of [message('a1', 'inbound', 'pay'), message('a1', 'inbound', 'pay'), message('a2', 'outbound', 'pay'), message('a3', 'inbound', 'thanks'), message('b1', 'inbound', 'thanks')]) tally.add(item);
    expect([tally.messages, tally.conversations, tally.has('a2'), tally.has('a9')]).toEqual([4, 2, true, false]);
    expect(tally.lines()).toEqual(['languages  es 4', 'intents    thanks 2 · pay 1', 'sentiment  none', 'entities   none', 'media      none', 'faults     STAGE_DEADLINE 1']);
  });
});
