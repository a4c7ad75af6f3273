import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { decodeMessage } from '@colloquy/contracts';
import { contentRef, isColloquyError, memoryMediaStore, type ColloquyError, type Source, type SourceRecord } from '@colloquy/core';
import { fakeClock, sourceSuite } from '@colloquy/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ndjsonSource, type NdjsonSourceOptions } from './ndjson-source.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'colloquy-ndjson-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const lacks = {
  headers: 'a line has no headers',
  binaryValues: 'a line is text',
  emptyValues: 'an empty line is no message',
};

sourceSuite({
  name: 'NDJSON file',
  finite: true,
  lacks,
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'colloquy-ndjson-suite-'));
    const file = join(folder, 'messages.ndjson');
    writeFileSync(file, '');
    return {
      source: ndjsonSource({ paths: [file] }),
      produce: async (records) => {
        for (const { value } of records) appendFileSync(file, Buffer.concat([value, Buffer.from('\n')]));
      },
      close: async () => rmSync(folder, { recursive: true }),
    };
  },
});

sourceSuite({
  name: 'NDJSON on standard input',
  finite: true,
  lacks,
  open: async () => {
    const stdin = new PassThrough({ highWaterMark: 64 * 1024 * 1024 });
    const lazilyEnded = Readable.from((async function* () {
      stdin.end();
      yield* stdin;
    })());
    return {
      source: ndjsonSource({ stdin: lazilyEnded }),
      produce: async (records) => {
        for (const { value } of records) stdin.write(Buffer.concat([value, Buffer.from('\r\n')]));
      },
      close: async () => undefined,
    };
  },
});

function write(name: string, text: string | Uint8Array): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

async function collect(source: Source): Promise<SourceRecord[]> {
  const records: SourceRecord[] = [];
  await source.run({ assigned: async () => undefined, revoked: async () => undefined, records: async (batch) => void records.push(...batch) });
  return records;
}

/** Line numbers, each with the id of its message or the code of its error. */
function outcomes(records: readonly SourceRecord[]): [number, string][] {
  return records.map((record) => {
    try {
      return [record.offset, decodeMessage(record).id];
    } catch (error) {
      return [record.offset, isColloquyError(error) ? error.code : String(error)];
    }
  });
}

const line = (id: string, more = {}) => JSON.stringify({ id, conversationId: 'c', text: 'x', ...more });

describe('ndjsonSource', () => {
  it('goes on after broken lines and tells their numbers', async () => {
    const path = write('a.ndjson', `\uFEFF${line('m-1')}\r\n\r\n{"id": "m-3", \n[1]\n   \n"text"\n${line('m-7', { text: 5 })}\n{"no": 1}\n${line('m-9')}`);
    const told: ColloquyError[] = [];
    const records = await collect(ndjsonSource({ paths: [path], onInvalidLine: (error) => told.push(error) }));
    expect(outcomes(records)).toEqual([
      [1, 'm-1'],
      [3, 'SOURCE_LINE_INVALID'],
      [4, 'SOURCE_LINE_INVALID'],
      [6, 'SOURCE_LINE_INVALID'],
      [7, 'MESSAGE_FIELD_INVALID'],
      [8, 'MESSAGE_FIELD_UNKNOWN'],
      [9, 'm-9'],
    ]);
    expect(told.map(({ details }) => details)).toEqual([3, 4, 6].map((number) => ({ line: number, file: path })));
    expect(told[0]?.message).toContain(`broken line 3 in ${path}`);
    expect(new TextDecoder().decode(records[1]?.value)).toBe('{"id": "m-3", ');
  });

  it('takes bytes that are not UTF-8 for a broken line', async () => {
    const path = write('a.ndjson', Buffer.concat([Buffer.from(`{"id":"m-1","conversationId":"c","text":"`), Buffer.of(0xff, 0xfe), Buffer.from(`"}\n${line('m-2')}\n`)]));
    expect(outcomes(await collect(ndjsonSource({ paths: [path] })))).toEqual([[1, 'SOURCE_LINE_INVALID'], [2, 'm-2']]);
  });

  it('refuses a line of more than 8 MiB without keeping it', async () => {
    const path = write('a.ndjson', `${line('m-1')}\n${line('m-2', { text: 'x'.repeat(8 * 1024 * 1024) })}\n${line('m-3')}\n`);
    const records = await collect(ndjsonSource({ paths: [path] }));
    expect(outcomes(records)).toEqual([[1, 'm-1'], [2, 'SOURCE_LINE_TOO_LONG'], [3, 'm-3']]);
    expect(records[1]?.value).toBeUndefined();
  });

  it('makes each file a partition and the conversation the key', async () => {
    const one = write('one.ndjson', `${line('m-1', { conversationId: 'ñ' })}\n{broken\n`);
    const two = write('two.ndjson', line('m-2'));
    const assigned: string[] = [];
    const records: SourceRecord[] = [];
    await ndjsonSource({ paths: [one, two, one], stdin: Readable.from([line('m-3')]) }).run({
      assigned: async (partitions) => void assigned.push(...partitions),
      revoked: async () => undefined,
      records: async (batch) => void records.push(...batch),
    });
    expect(assigned).toEqual([one, two, 'stdin']);
    expect(records.map(({ partition, offset, key }) => [partition, offset, key && new TextDecoder().decode(key)])).toEqual([
      [one, 1, 'ñ'],
      [one, 2, undefined],
      [two, 1, 'c'],
      ['stdin', 1, 'c'],
    ]);
  });

  it('dates lines in their order', async () => {
    const path = write('a.ndjson', `${line('b')}\n${line('a')}\n`);
    const clock = fakeClock(Date.UTC(2026, 2, 2));
    expect((await collect(ndjsonSource({ paths: [path], clock }))).map(({ at }) => at)).toEqual(['2026-03-02T00:00:00.001Z', '2026-03-02T00:00:00.002Z']);
  });

  it('goes on from the commit when it is run again', async () => {
    const path = write('a.ndjson', [1, 2, 3, 4].map((id) => line(`m-${id}`)).join('\n'));
    const source = ndjsonSource({ paths: [path] });
    await collect(source);
    await source.commit(new Map([[path, 3]]));
    expect(outcomes(await collect(source))).toEqual([[3, 'm-3'], [4, 'm-4']]);
  });

  it('puts attachments given as files into the media store', async () => {
    mkdirSync(join(dir, 'media'));
    write('media/a.jpg', 'picture');
    const attachment = (file: string) => ({ media: [{ kind: 'image', file }] });
    const path = write('a.ndjson', [line('m-1', attachment('media/a.jpg')), line('m-2', attachment('../x')), line('m-3')].join('\n'));
    const media = memoryMediaStore();
    const told: ColloquyError[] = [];
    const records = await collect(ndjsonSource({ paths: [path], media, onInvalidLine: (error) => told.push(error) }));
    expect(outcomes(records)).toEqual([[1, 'm-1'], [2, 'MEDIA_FILE_REFUSED'], [3, 'm-3']]);
    const ref = await contentRef(new TextEncoder().encode('picture'));
    expect(decodeMessage(records[0] as SourceRecord).media).toEqual([{ kind: 'image', ref }]);
    expect(new TextDecoder().decode(await media.get(ref))).toBe('picture');
    expect(told[0]?.message).toContain(`in line 2 of ${path} that`);
    const untouched = await collect(ndjsonSource({ paths: [path] }));
    expect(decodeMessage(untouched[0] as SourceRecord).media).toEqual([{ kind: 'image', file: 'media/a.jpg' }]);
  });

  it('fails where the media store does, instead of dead-lettering', async () => {
    write('a.jpg', 'picture');
    const path = write('a.ndjson', line('m-1', { media: [{ kind: 'image', file: 'a.jpg' }] }));
    const media = { ...memoryMediaStore(), put: () => Promise.reject(new Error('disk')) };
    await expect(collect(ndjsonSource({ paths: [path], media }))).rejects.toThrow('disk');
  });

  it('refuses files that cannot be read, before any record', async () => {
    const good = write('a.ndjson', line('m-1'));
    for (const bad of [join(dir, 'missing.ndjson'), dir]) {
      const options: NdjsonSourceOptions = { paths: [good, bad] };
      await expect(ndjsonSource(options).check()).rejects.toMatchObject({ code: 'SOURCE_FILE_UNREADABLE', kind: 'config' });
      await expect(collect(ndjsonSource(options))).rejects.toMatchObject({ code: 'SOURCE_FILE_UNREADABLE', details: { file: bad } });
    }
  });

  it('stops while standard input is silent', async () => {
    const stdin = new PassThrough();
    const source = ndjsonSource({ stdin });
    stdin.write(`${line('m-1')}\n`);
    const records: SourceRecord[] = [];
    const run = source.run({ assigned: async () => undefined, revoked: async () => undefined, records: async (batch) => void records.push(...batch) });
    while (records.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await source.stop();
    await run;
    expect(records.length).toBe(1);
  });
});
