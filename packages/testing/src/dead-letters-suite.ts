import type { DeadLetter, DeadLetters } from '@colloquy/core';
import { expect } from 'vitest';
import { caseSuite, type SuiteCase } from './case-suite.js';
import { everyByte, plainRecord, sourceRecord } from './source-record.js';
import { minuteAt } from './stored-message.js';

export interface OpenedDeadLetters {
  /** Empty. */
  readonly deadLetters: DeadLetters;
  /** Closes it and opens it again on the same data, as after a restart of the process. */
  reopen(): Promise<DeadLetters>;
  /** Closes what is open now and drops its data. */
  close(): Promise<void>;
}

export interface DeadLettersSuiteOptions {
  readonly name: string;
  open(): Promise<OpenedDeadLetters>;
  /** Title of a case → why this adapter cannot keep the promise. */
  readonly skip?: Readonly<Record<string, string>>;
}

/** What every DeadLetters must do. Call it at the top level of a vitest file. */
export function deadLettersSuite({ name, open, skip = {} }: DeadLettersSuiteOptions): void {
  caseSuite<OpenedDeadLetters>({ title: `DeadLetters: ${name}`, cases, open, close: (opened) => opened.close(), skip });
}

const cases: Readonly<Record<string, SuiteCase<OpenedDeadLetters>>> = {
  'answers its check, and is empty at first': async ({ deadLetters }) => {
    await expect(deadLetters.check()).resolves.toBeUndefined();
    expect(await deadLetters.count()).toBe(0);
    expect(await deadLetters.list({ limit: 10 })).toEqual({ items: [] });
    expect(await deadLetters.get('kafka/inbound/0/1')).toBeUndefined();
  },

  'gives back exactly what was put': async ({ deadLetters }) => {
    const bare: DeadLetter = { ...letter(2), causes: [] };
    await deadLetters.put([fullLetter, bare]);
    expectSame(await deadLetters.get(fullLetter.id), fullLetter);
    expectSame(await deadLetters.get(bare.id), bare);
    const { items } = await deadLetters.list({ limit: 10 });
    expect(items.map(plainLetter)).toStrictEqual([bare, fullLetter].map(plainLetter));
  },

  'keeps raw bytes, and tells none from empty': async ({ deadLetters }) => {
    const letters = [
      { ...letter(1), record: sourceRecord({ key: everyByte(), value: everyByte() }) },
      { ...letter(2), record: sourceRecord({ key: new Uint8Array(0), value: new Uint8Array(0), headers: {} }) },
      { ...letter(3), record: sourceRecord({ key: undefined, value: undefined }) },
      { ...letter(4), record: sourceRecord({ value: new Uint8Array(2_000_000).fill(0xff), headers: { 'x-odd.$key': 'välue 🧡' } }) },
    ];
    await deadLetters.put(letters);
    for (const one of letters) expectSame(await deadLetters.get(one.id), one);
  },

  'replaces a letter of the same id': async ({ deadLetters }) => {
    await deadLetters.put([{ ...fullLetter, deadAt: minuteAt(1) }, letter(2)]);
    const again = { ...letter(3), id: fullLetter.id };
    await deadLetters.put([again]);
    expect(await deadLetters.count()).toBe(2);
    expectSame(await deadLetters.get(fullLetter.id), again);
    expect((await deadLetters.list({ limit: 10 })).items.map(({ id }) => id)).toEqual([again.id, letter(2).id]);
  },

  'takes a letter twice in one call': async ({ deadLetters }) => {
    await deadLetters.put([letter(1), { ...letter(1), attempts: 9 }]);
    expect(await deadLetters.count()).toBe(1);
    expect((await deadLetters.get(letter(1).id))?.attempts).toBe(9);
  },

  'keeps apart ids of any form': async ({ deadLetters }) => {
    const ids = [`it's "x"`, '$where', 'files//home/a b/ñ.ndjson/12', '../..', '👩‍👩‍👧', 'a', 'A', '__proto__', 'x'.repeat(800), `${'x'.repeat(799)}y`];
    await deadLetters.put(ids.map((id, index) => ({ ...letter(index), id })));
    for (const [index, id] of ids.entries()) expectSame(await deadLetters.get(id), { ...letter(index), id });
    expect(await deadLetters.count()).toBe(ids.length);
  },

  'lists newest first, page by page, while new ones arrive': async ({ deadLetters }) => {
    const letters = Array.from({ length: 25 }, (_, index) => letter(index, Math.floor(index / 3)));
    await deadLetters.put([...letters].reverse());
    const seen: DeadLetter[] = [];
    let after: { after?: string } = {};
    for (let page = 0; page < 20; page++) {
      const { items, next } = await deadLetters.list({ limit: 4, ...after });
      seen.push(...items);
      await deadLetters.put([letter(1000 + page, 500 + page)]);
      if (next === undefined) break;
      after = { after: next };
    }
    expect(seen.map(({ id }) => id).sort()).toEqual(letters.map(({ id }) => id).sort());
    expect(seen.map(({ deadAt }) => deadAt)).toEqual([...letters].reverse().map(({ deadAt }) => deadAt));
    expect((await deadLetters.list({ limit: 100 })).next).toBeUndefined();
  },

  'has no next page after the last letter': async ({ deadLetters }) => {
    await deadLetters.put([letter(1), letter(2)]);
    expect((await deadLetters.list({ limit: 2 })).next).toBeUndefined();
    expect((await deadLetters.list({ limit: 1 })).next).toEqual(expect.any(String));
  },

  'refuses limits beyond 1 to 100 and cursors it did not give': async ({ deadLetters }) => {
    for (const limit of [0, 101, 1.5, Number.NaN]) {
      await expect(deadLetters.list({ limit })).rejects.toMatchObject({ code: 'QUERY_INVALID', kind: 'input', details: { field: 'limit' } });
    }
    for (const after of ['', '!!!', 'bnVsbA', 'eyIkZ3QiOiIifQ']) {
      await expect(deadLetters.list({ limit: 5, after })).rejects.toMatchObject({ code: 'QUERY_INVALID', kind: 'input', details: { field: 'after' } });
    }
  },

  'takes an empty put, and many at once': async ({ deadLetters }) => {
    await deadLetters.put([]);
    const letters = Array.from({ length: 150 }, (_, index) => letter(index));
    await Promise.all([deadLetters.put(letters), ...letters.slice(50, 100).map((one) => deadLetters.put([one]))]);
    expect(await deadLetters.count()).toBe(150);
  },

  'keeps everything when it is opened again': async ({ deadLetters, reopen }) => {
    await deadLetters.put([fullLetter, letter(5)]);
    const again = await reopen();
    expectSame(await again.get(fullLetter.id), fullLetter);
    expect(await again.count()).toBe(2);
    expect((await again.list({ limit: 10 })).items.map(({ id }) => id)).toEqual([letter(5).id, fullLetter.id]);
  },
};

const fullLetter: DeadLetter = {
  id: 'embedded/inbound/3/41',
  source: 'embedded',
  record: sourceRecord({ partition: 'inbound/3', offset: 41, headers: { 'colloquy-message-id': 'm', $odd: 'ñ' } }),
  deadAt: minuteAt(0),
  attempts: 3,
  stage: 'classify-intent@1',
  code: 'STAGE_FAILED',
  kind: 'bug',
  fingerprint: 'f'.repeat(16),
  causes: [{ name: 'ColloquyError', code: 'STAGE_FAILED', stack: 'at process (stage.ts:1:2)\nat run' }, { name: 'TypeError' }],
  messageId: 'm-1',
  conversationId: '+5215555550101',
  pipeline: ['identify-language@1', 'intent/service-chat-nlpjs@0.1.0'],
  codeVersion: '0.1.0',
};

function letter(index: number, minute = index): DeadLetter {
  return {
    id: `embedded/inbound/0/${index}`,
    source: 'embedded',
    record: sourceRecord({ offset: index }),
    deadAt: minuteAt(minute),
    attempts: 1,
    code: 'MESSAGE_NOT_JSON',
    kind: 'input',
    fingerprint: 'abc',
    causes: [{ name: 'ColloquyError', code: 'MESSAGE_NOT_JSON' }],
    pipeline: [],
    codeVersion: '0.1.0',
  };
}

function expectSame(found: DeadLetter | undefined, expected: DeadLetter): void {
  expect(found === undefined ? undefined : plainLetter(found)).toStrictEqual(plainLetter(expected));
}

function plainLetter(item: DeadLetter): object {
  return { ...item, record: plainRecord(item.record) };
}
