import type { ParkedRecord, Parking, SourceRecord } from '@colloquy/core';
import { expect } from 'vitest';
import { caseSuite, type SuiteCase } from './case-suite.js';
import { everyByte, plainRecord, sourceRecord } from './source-record.js';

export interface OpenedParking {
  /** Empty. */
  readonly parking: Parking;
  /** Closes it and opens it again on the same data, as after a restart of the process. */
  reopen(): Promise<Parking>;
  /** Closes what is open now and drops its data. */
  close(): Promise<void>;
}

export interface ParkingSuiteOptions {
  readonly name: string;
  open(): Promise<OpenedParking>;
  /** Title of a case → why this adapter cannot keep the promise. */
  readonly skip?: Readonly<Record<string, string>>;
}

/** What every Parking must do. Call it at the top level of a vitest file. */
export function parkingSuite({ name, open, skip = {} }: ParkingSuiteOptions): void {
  caseSuite<OpenedParking>({ title: `Parking: ${name}`, cases, open, close: (opened) => opened.close(), skip });
}

const cases: Readonly<Record<string, SuiteCase<OpenedParking>>> = {
  'answers its check, and is empty at first': async ({ parking }) => {
    await expect(parking.check()).resolves.toBeUndefined();
    expect(await parking.count()).toBe(0);
    expect(await parking.load(['p/0', 'p/1'])).toEqual([]);
  },

  'gives back exactly what was parked': async ({ parking }) => {
    const full = parked('p/0', 7, { attempts: 3, stage: 'classify-intent@1', code: 'STORE_UNREACHABLE', key: `it's $odd/../ 👩‍👩‍👧` });
    const bare = parked('p/0', 8, { attempts: 0 });
    await parking.park([full, bare]);
    await expectLoaded(parking, ['p/0'], [full, bare]);
  },

  'keeps raw bytes, and tells none from empty': async ({ parking }) => {
    const records = [
      parked('p/0', 0, {}, { key: everyByte(), value: everyByte() }),
      parked('p/0', 1, {}, { key: new Uint8Array(0), value: new Uint8Array(0), headers: {} }),
      parked('p/0', 2, {}, { key: undefined, value: undefined }),
      parked('p/0', 3, {}, { value: new Uint8Array(2_000_000).fill(0xe2), headers: { 'x-odd.$key': 'välue 🧡', '': 'empty' } }),
    ];
    await parking.park(records);
    await expectLoaded(parking, ['p/0'], records);
  },

  'loads by partition, then offset, only what was asked for': async ({ parking }) => {
    const one = [0, 9, 10, 100, 2 ** 40].map((offset) => parked('p/1', offset));
    const two = [3, 20].map((offset) => parked('p/2', offset));
    await parking.park([...two, ...[...one].reverse(), parked('p/10', 1)]);
    await expectLoaded(parking, ['p/1', 'p/2'], [...one, ...two]);
    await expectLoaded(parking, ['p/2'], two);
    await expectLoaded(parking, ['p/3'], []);
    await expectLoaded(parking, [], []);
    expect(await parking.count()).toBe(8);
  },

  'replaces what is parked again': async ({ parking }) => {
    await parking.park([parked('p/0', 1, { attempts: 1, code: 'STORE_UNREACHABLE', stage: 'a@1' }), parked('p/0', 2)]);
    const again = parked('p/0', 1, { attempts: 2, nextAttemptAt: '2026-03-02T11:00:00.000Z' });
    await parking.park([again]);
    expect(await parking.count()).toBe(2);
    await expectLoaded(parking, ['p/0'], [again, parked('p/0', 2)]);
  },

  'removes only what is named': async ({ parking }) => {
    await parking.park([parked('p/0', 1), parked('p/0', 2), parked('p/1', 1), parked('p/1', 2)]);
    await parking.remove([{ partition: 'p/0', offset: 1 }, { partition: 'p/1', offset: 2 }, { partition: 'p/9', offset: 9 }]);
    expect(await parking.count()).toBe(2);
    await expectLoaded(parking, ['p/0', 'p/1'], [parked('p/0', 2), parked('p/1', 1)]);
    await parking.remove([{ partition: 'p/0', offset: 1 }]);
    expect(await parking.count()).toBe(2);
  },

  'takes empty calls': async ({ parking }) => {
    await parking.park([]);
    await parking.remove([]);
    expect(await parking.count()).toBe(0);
  },

  'takes many calls at once': async ({ parking }) => {
    const records = Array.from({ length: 300 }, (_, offset) => parked('p/0', offset));
    await Promise.all([parking.park(records.slice(0, 200)), ...records.slice(150).map((record) => parking.park([record]))]);
    expect(await parking.count()).toBe(300);
    await Promise.all(records.slice(0, 100).map(({ record }) => parking.remove([record])));
    await expectLoaded(parking, ['p/0'], records.slice(100));
    expect(await parking.count()).toBe(200);
  },

  'keeps everything when it is opened again': async ({ parking, reopen }) => {
    const records = [parked('p/0', 1, {}, { value: everyByte() }), parked('p/1', 4, { attempts: 2 })];
    await parking.park([...records, parked('p/1', 5)]);
    await parking.remove([{ partition: 'p/1', offset: 5 }]);
    const again = await reopen();
    await expectLoaded(again, ['p/0', 'p/1'], records);
    expect(await again.count()).toBe(2);
  },
};

function parked(partition: string, offset: number, fields: Partial<ParkedRecord> = {}, record: Partial<SourceRecord> = {}): ParkedRecord {
  return {
    key: 'conversation-1',
    record: sourceRecord({ partition, offset, ...record }),
    attempts: 1,
    parkedAt: '2026-03-02T10:00:00.000Z',
    nextAttemptAt: '2026-03-02T10:00:05.000Z',
    ...fields,
  };
}

async function expectLoaded(parking: Parking, partitions: readonly string[], expected: readonly ParkedRecord[]): Promise<void> {
  const plain = (records: readonly ParkedRecord[]) => records.map((item) => ({ ...item, record: plainRecord(item.record) }));
  expect(plain(await parking.load(partitions))).toStrictEqual(plain(expected));
}
