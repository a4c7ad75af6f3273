import { partitionOf, type Source, type SourceListener, type SourceRecord } from '@colloquy/core';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import type { ProducedRecord } from './memory-source.js';

/** A fresh, empty log of its own and one Source on it. */
export interface SourceUnderTest {
  readonly source: Source;
  /** Puts records at the end of the log; durable when it resolves. A finite source gets them before run() only. */
  produce(records: readonly ProducedRecord[]): Promise<void>;
  /** Another Source on the same log, for the same consumer; the suite has closed the one before. */
  reopen?(): Promise<Source>;
  /** Removes what open() made. The suite closes the Sources itself. */
  close(): Promise<void>;
}

export interface SourceSuiteOptions {
  readonly name: string;
  open(): Promise<SourceUnderTest>;
  /** run() resolves by itself at the end of what was produced before it. Default: false. */
  readonly finite?: boolean;
  /** How many partitions the log has; `partition` must then end in `/<number>`. Absent: the source is not partitioned by key. */
  readonly partitions?: number;
  /** How many records may be handed over while records() is unresolved. Default: 1,000. */
  readonly maxUnresolved?: number;
  /** How long to watch that nothing comes any more, in milliseconds. Default: 300. */
  readonly quietMs?: number;
  /** What the format cannot carry, with the reason; printed as a skipped test. */
  readonly lacks?: Partial<Record<'keys' | 'headers' | 'binaryValues' | 'emptyValues' | 'largeValues', string>>;
}

/**
 * The tests every Source adapter passes. Records are messages as JSON, one object each, unless a test is about raw bytes,
 * so that a source of message files can carry them too.
 */
export function sourceSuite(options: SourceSuiteOptions): void {
  const { name, finite = false, partitions, maxUnresolved = 1000, quietMs = 300, lacks = {} } = options;
  let bench: Bench;
  const skip = (test: TestContext, reason: string | undefined) => (reason === undefined ? undefined : test.skip(reason));

  describe(`source suite: ${name}`, { timeout: 60_000 }, () => {
    beforeEach(async () => {
      bench = createBench(await options.open());
    }, 60_000);
    afterEach(() => bench.end(), 60_000);

    it('delivers every record, in order within its key and its partition', async () => {
      const sent = messages(200, 7);
      await bench.target.produce(sent);
      const got = await bench.collect(sent.length);
      expect(byKey(got.map(fromRecord))).toEqual(byKey(sent.map(fromProduced)));
      expectGrowing(got);
      for (const { at } of got) expect(new Date(at).toISOString()).toBe(at);
    });

    it('delivers what is produced while it runs', async (test) => {
      skip(test, finite ? 'a finite source is read once to its end' : undefined);
      const sent = messages(30, 3);
      await bench.target.produce(sent.slice(0, 10));
      const run = bench.start();
      await run.received(10);
      await bench.target.produce(sent.slice(10, 20));
      await run.received(20);
      await bench.target.produce(sent.slice(20));
      await run.received(30);
      expect(byKey(run.unique().map(fromRecord))).toEqual(byKey(sent.map(fromProduced)));
    });

    it('ends by itself, also when there is nothing', async (test) => {
      skip(test, finite ? undefined : 'this source has no end');
      const run = bench.start();
      await run.ended;
      expect(run.unique()).toEqual([]);
    });

    it('awaits assigned() before the first record of a partition', async () => {
      await bench.target.produce(messages(20, 5));
      const assigned = new Set<string>();
      const early: string[] = [];
      const run = bench.start({
        assigned: async (given) => {
          await pause(50);
          for (const partition of given) assigned.add(partition);
        },
        records: async (records) => {
          for (const { partition } of records) if (!assigned.has(partition)) early.push(partition);
        },
      });
      await run.received(20);
      expect(early).toEqual([]);
    });

    it('keeps the key', async (test) => {
      skip(test, lacks.keys);
      const keys = ['5215550000001', 'conversación/ñ 🚕', 'a'];
      await bench.target.produce(keys.map((key, index) => message(index, key)));
      const got = await bench.collect(keys.length);
      expect(got.map((record) => text(record.key)).sort()).toEqual([...keys].sort());
    });

    it('keeps headers', async (test) => {
      skip(test, lacks.headers);
      const headers = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', 'x-name': 'José 🚕', empty: '' };
      await bench.target.produce([{ ...message(0, 'c-1'), headers }]);
      const [record] = await bench.collect(1);
      expect(record?.headers).toMatchObject(headers);
    });

    it('keeps binary values, byte by byte', async (test) => {
      skip(test, lacks.binaryValues);
      const value = Uint8Array.from({ length: 1024 }, (_, index) => (index * 7) % 256);
      await bench.target.produce([{ key: 'c-1', value }]);
      const [record] = await bench.collect(1);
      expect(Array.from(record?.value ?? [])).toEqual(Array.from(value));
    });

    it('keeps an empty value', async (test) => {
      skip(test, lacks.emptyValues);
      await bench.target.produce([{ key: 'c-1', value: new Uint8Array(0) }, message(1, 'c-1')]);
      const got = await bench.collect(2);
      expect(got.map(({ value }) => value?.length)).toEqual([0, message(1, 'c-1').value.length]);
    });

    it('keeps a value of 256 kB', async (test) => {
      skip(test, lacks.largeValues);
      const value = encode({ id: 'm-0', conversationId: 'c-1', text: 'ñandú 🚕 '.repeat(20_000) });
      await bench.target.produce([{ key: 'c-1', value }]);
      const [record] = await bench.collect(1);
      expect(text(record?.value) === text(value)).toBe(true);
    });

    it('puts a key where Kafka puts it', async (test) => {
      skip(test, partitions === undefined ? 'this source is not partitioned by key' : undefined);
      const sent = messages(100, 50);
      await bench.target.produce(sent);
      const got = await bench.collect(sent.length);
      const wrong = got.filter((record) => Number(/\/(\d+)$/.exec(record.partition)?.[1]) !== partitionOf(fromRecord(record).key, partitions ?? 1));
      expect(wrong.map(({ partition, offset }) => `${partition}@${offset}`)).toEqual([]);
    });

    it('delivers everything again where nothing was committed', async (test) => {
      skip(test, reopenMissing(bench));
      const sent = messages(60, 4);
      await bench.target.produce(sent);
      const first = await bench.collect(sent.length);
      await bench.reopen();
      const again = await bench.collect(sent.length);
      expect(positions(again)).toEqual(positions(first));
    });

    it('starts at the last commit: nothing before it, everything after it', async (test) => {
      skip(test, reopenMissing(bench));
      const sent = messages(90, 9);
      await bench.target.produce(sent);
      const run = bench.start();
      await run.received(sent.length);
      const { offsets, rest } = halfOf(run.unique());
      await bench.source().commit(offsets);
      await bench.reopen();
      const again = await bench.collect(rest.length);
      expect(positions(again)).toEqual(positions(rest));
    });

    it('takes commits after stop(), until close()', async (test) => {
      skip(test, reopenMissing(bench));
      const sent = messages(40, 4);
      await bench.target.produce(sent);
      const run = bench.start();
      await run.received(sent.length);
      await run.stop();
      const { offsets, rest } = halfOf(run.unique());
      await bench.source().commit(offsets);
      await bench.reopen();
      const again = await bench.collect(rest.length);
      expect(positions(again)).toEqual(positions(rest));
    });

    it('hands over no more than a bounded number while records() is unresolved', async () => {
      const sent = messages(maxUnresolved * 3, 20);
      await bench.target.produce(sent);
      const gate = createGate();
      const run = bench.start({ records: () => gate.opened });
      await run.received(1);
      let held = 0;
      while (held < run.count()) {
        held = run.count();
        await pause(quietMs);
      }
      expect(held).toBeLessThanOrEqual(maxUnresolved);
      gate.open();
      await run.received(sent.length);
      expect(byKey(run.unique().map(fromRecord))).toEqual(byKey(sent.map(fromProduced)));
    });

    it('delivers nothing after stop(), also when records() was waiting', async () => {
      await bench.target.produce(messages(maxUnresolved * 2, 5));
      const gate = createGate();
      const run = bench.start({ records: () => gate.opened });
      await run.received(1);
      const stopping = bench.source().stop();
      gate.open();
      await stopping;
      const atStop = run.count();
      await run.ended;
      if (!finite) await bench.target.produce(messages(5, 5));
      await pause(quietMs);
      expect(run.count()).toBe(atStop);
    });

    it('check() resolves while the service can be reached', async () => {
      await expect(bench.source().check()).resolves.toBeUndefined();
      const run = bench.start();
      await expect(bench.source().check()).resolves.toBeUndefined();
      if (finite) await run.ended;
    });
  });
}

interface Run {
  /** Settles as the source's run() does. */
  readonly ended: Promise<void>;
  /** Resolves when this many different records have come. */
  received(count: number): Promise<void>;
  count(): number;
  /** In the order of their first coming. */
  unique(): readonly SourceRecord[];
  stop(): Promise<void>;
}

interface Bench {
  readonly target: SourceUnderTest;
  source(): Source;
  start(listener?: Partial<SourceListener>): Run;
  /** Runs until this many different records have come, then stops. */
  collect(count: number): Promise<readonly SourceRecord[]>;
  reopen(): Promise<void>;
  end(): Promise<void>;
}

function createBench(target: SourceUnderTest): Bench {
  let source = target.source;
  let run: Run | undefined;
  const bench: Bench = {
    target,
    source: () => source,
    start: (listener = {}) => {
      run = startRun(source, listener);
      return run;
    },
    collect: async (count) => {
      const collecting = bench.start();
      await collecting.received(count);
      await collecting.stop();
      return collecting.unique();
    },
    reopen: async () => {
      await bench.source().stop();
      await run?.ended;
      await source.close();
      source = await (target.reopen as () => Promise<Source>)();
    },
    end: async () => {
      await source.stop();
      await source.close();
      await run?.ended.catch(() => undefined);
      await target.close();
    },
  };
  return bench;
}

function startRun(source: Source, listener: Partial<SourceListener>): Run {
  const unique = new Map<string, SourceRecord>();
  let failure: unknown;
  const ended = source.run({
    assigned: async (partitions) => listener.assigned?.(partitions),
    revoked: async (partitions) => listener.revoked?.(partitions),
    records: async (records) => {
      for (const record of records) {
        const position = `${record.partition}@${record.offset}`;
        if (!unique.has(position)) unique.set(position, record);
      }
      await listener.records?.(records);
    },
  });
  ended.catch((error: unknown) => {
    failure = error;
  });
  return {
    ended,
    received: async (count) => {
      const giveUpAt = Date.now() + receiveMs;
      while (unique.size < count) {
        if (failure !== undefined) throw failure;
        if (Date.now() > giveUpAt) throw new Error(`${unique.size} of ${count} records came within ${receiveMs} ms.`);
        await pause(5);
      }
    },
    count: () => unique.size,
    unique: () => [...unique.values()],
    stop: async () => {
      await source.stop();
      await ended;
    },
  };
}

const receiveMs = 30_000;

function reopenMissing(bench: Bench): string | undefined {
  return bench.target.reopen === undefined ? 'this source cannot be opened again' : undefined;
}

function messages(count: number, keys: number): readonly ProducedRecord[] {
  return Array.from({ length: count }, (_, index) => message(index, `c-${index % keys}`));
}

function message(index: number, key: string): ProducedRecord {
  return { key, value: encode({ id: `m-${index}`, conversationId: key, text: `number ${index}` }) };
}

interface Told {
  readonly key: string;
  readonly value: string;
}

/** Key and value as produced. The key is read from the message, since not every format keeps it apart. */
function fromProduced({ value }: ProducedRecord): Told {
  return told(text(value));
}

function fromRecord({ value }: SourceRecord): Told {
  return told(text(value));
}

function told(value: string): Told {
  return { key: (JSON.parse(value) as { conversationId: string }).conversationId, value };
}

function byKey(all: readonly Told[]): Record<string, string[]> {
  const lists: Record<string, string[]> = {};
  for (const { key, value } of all) (lists[key] ??= []).push(value);
  return lists;
}

function expectGrowing(records: readonly SourceRecord[]): void {
  const last = new Map<string, number>();
  for (const { partition, offset } of records) {
    expect(offset, `offset in ${partition}`).toBeGreaterThan(last.get(partition) ?? -1);
    last.set(partition, offset);
  }
}

/** Commits that cover the first half of each partition's records, and the records after them. */
function halfOf(records: readonly SourceRecord[]): { readonly offsets: Map<string, number>; readonly rest: readonly SourceRecord[] } {
  const offsets = new Map<string, number>();
  for (const partition of new Set(records.map((record) => record.partition))) {
    const own = records.filter((record) => record.partition === partition);
    const last = own[Math.ceil(own.length / 2) - 1] as SourceRecord;
    offsets.set(partition, last.offset + 1);
  }
  return { offsets, rest: records.filter(({ partition, offset }) => offset >= (offsets.get(partition) ?? 0)) };
}

function positions(records: readonly SourceRecord[]): readonly string[] {
  return records.map(({ partition, offset }) => `${partition}@${offset}`).sort();
}

function createGate(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

function encode(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function text(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : new TextDecoder().decode(bytes);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
