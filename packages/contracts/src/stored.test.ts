import { readFileSync } from 'node:fs';
import { messageLimits, recentLength, summaryOf, type StoredMessage } from '@colloquy/core';
import { annotated, storedMessage } from '@colloquy/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { conversationSummarySchema, slotSchemas, storedMessageSchema } from './stored.js';

const ref = `sha256-${'a'.repeat(64)}`;
const full: StoredMessage = storedMessage({
  id: 'm-1',
  author: { id: '+5215555550101', role: 'customer', name: 'Doña Chelo' },
  media: [{ kind: 'image', ref, mimeType: 'image/jpeg', name: 'a.jpg', caption: 'x' }, { kind: 'location', latitude: 19.4, longitude: -99.1 }],
  meta: { nested: [1, { deep: null }] },
  ann: {
    ...annotated.intent('pay'),
    ...annotated.language('es'),
    ...annotated.sentiment('negative', -0.5),
    entities: {
      score: 1,
      source: { stage: 'extract-entities@1' },
      why: { summary: 's', evidence: [{ what: 'w', weight: -2 }], threshold: 0.5, runnerUp: { name: 'n', score: 0.1 } },
      items: [{ type: 'money', part: 'text', start: 0, end: 4, text: '$100', score: 0.9, value: { kind: 'money', amount: 100, currency: 'MXN' } }],
    },
    media: { score: 1, source: { stage: 'process-media@1' }, items: [{ index: 0, kind: 'image', sizeBytes: 10, ref, verdict: 'refused', reason: 'MEDIA_CORRUPT' }] },
  },
  faults: [{ stage: 'process-media@1', code: 'MEDIA_CORRUPT', kind: 'fault' }],
});

describe('storedMessageSchema', () => {
  it('takes stored messages and changes nothing', () => {
    expect(storedMessageSchema.parse(full)).toEqual(full);
    expect(storedMessageSchema.parse(storedMessage({ id: 'm' }))).toEqual(storedMessage({ id: 'm' }));
  });

  it('takes slots of third parties', () => {
    const ann = { ...full.ann, urgency: { level: 3 } };
    expect(storedMessageSchema.parse({ ...full, ann })).toMatchObject({ ann });
  });

  it('needs every field', () => {
    for (const field of Object.keys(full)) {
      const rest: Record<string, unknown> = { ...full };
      delete rest[field];
      expect(storedMessageSchema.safeParse(rest).error?.issues.map(({ path }) => path), field).toEqual([[field]]);
    }
  });

  it.each<[string, unknown]>([
    ['an unknown field', { ...full, more: 1 }],
    ['a time without milliseconds', { ...full, at: '2026-03-02T10:00:00Z' }],
    ['a time with offset', { ...full, at: '2026-03-02T10:00:00.000+02:00' }],
    ['a malformed ref', { ...full, media: [{ kind: 'image', ref: 'sha256-x' }] }],
    ['an undefined field', { ...full, author: { ...full.author, name: undefined } }],
    ['a confidence above 1', { ...full, ann: annotated.intent('pay', 1.5) }],
    ['a negative offset', { ...full, position: { ...full.position, offset: -1 } }],
    ['a slot of another form', { ...full, ann: { intent: 'pay' } }],
    ['meta that is no JSON', { ...full, meta: { when: new Date(0) } }],
  ])('refuses %s', (_, value) => {
    expect(storedMessageSchema.safeParse(value).success).toBe(false);
  });
});

describe('conversationSummarySchema', () => {
  it('takes what summaryOf makes and changes nothing', () => {
    const messages = Array.from({ length: recentLength + 5 }, (_, index) => ({ ...full, id: `m-${index}` }));
    for (const summary of [summaryOf([storedMessage({ id: 'm', direction: 'outbound' })]), summaryOf(messages)]) {
      expect(conversationSummarySchema.parse(summary)).toEqual(summary);
      expect(conversationSummarySchema.safeParse({ ...summary, more: 1 }).success).toBe(false);
    }
  });
});

describe('the reference of stored documents', () => {
  const page = (name: string) => readFileSync(new URL(`../../../docs/reference/${name}.md`, import.meta.url), 'utf8');
  const rowsUnder = (text: string, heading: string) => {
    const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
    return [...section.matchAll(/^\| `([\w.]+)` \|/gm)].map(([, field]) => field);
  };

  it('lists every field, in order', () => {
    const stored = page('stored');
    expect(rowsUnder(stored, 'A message')).toEqual(Object.keys(storedMessageSchema.unwrap().shape));
    expect(rowsUnder(stored, 'A conversation')).toEqual(Object.keys(conversationSummarySchema.unwrap().shape));
    expect(rowsUnder(stored, 'Annotations')).toEqual(Object.keys(slotSchemas));
  });

  it('lists every field of an inbound message, with its limits', () => {
    const message = page('message');
    const { ann, faults, pipeline, position, enrichedAt, ...inbound } = storedMessageSchema.unwrap().shape;
    expect([ann, faults, pipeline, position, enrichedAt].every((schema) => schema !== undefined)).toBe(true);
    expect(rowsUnder(message, 'Fields')).toEqual(Object.keys(inbound));
    const limits = [messageLimits.idChars, messageLimits.textChars, messageLimits.mediaItems, messageLimits.metaDepth];
    for (const limit of limits) expect(message).toContain(limit.toLocaleString('en'));
  });

  it('can be given as JSON Schema', () => {
    expect(z.toJSONSchema(storedMessageSchema, { io: 'input' })).toMatchObject({ type: 'object', additionalProperties: false });
    expect(z.toJSONSchema(conversationSummarySchema)).toMatchObject({ type: 'object', additionalProperties: false });
  });
});
