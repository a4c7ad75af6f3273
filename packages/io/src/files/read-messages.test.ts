import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { contentRef, memoryMediaStore } from '@colloquy/core';
import { afterAll, describe, expect, it } from 'vitest';
import { readMessages, type ReadMessage, type ReadMessagesOptions } from './read-messages.js';

const dir = mkdtempSync(join(tmpdir(), 'colloquy-read-messages-'));
afterAll(() => rmSync(dir, { recursive: true }));

const now = Date.UTC(2026, 2, 2, 10);
const parse = { now };

async function read(input: string | Readable, options: ReadMessagesOptions = {}): Promise<ReadMessage[]> {
  const found: ReadMessage[] = [];
  for await (const item of readMessages(input, { parse, ...options })) found.push(item);
  return found;
}

const short = (items: readonly ReadMessage[]) => items.map((item) => [item.line, 'message' in item ? item.message.id : item.error.code]);

describe('readMessages', () => {
  it('gives messages and broken lines with their numbers', async () => {
    const text = ['{"id":"m-1","conversationId":"c","text":"hola"}', '', '{"id":', '{"id":"m-4","conversationId":"c"}', '{"id":"m-5","conversationId":"c","text":"x"}'].join('\n');
    expect(short(await read(Readable.from([text])))).toEqual([[1, 'm-1'], [3, 'SOURCE_LINE_INVALID'], [4, 'MESSAGE_EMPTY'], [5, 'm-5']]);
    const path = join(dir, 'a.ndjson');
    writeFileSync(path, text);
    const fromFile = await read(path);
    expect(fromFile[0]).toEqual({
      line: 1,
      message: { id: 'm-1', conversationId: 'c', at: new Date(now).toISOString(), author: { id: 'c', role: 'customer' }, channel: 'unknown', direction: 'inbound', text: 'hola', media: [], meta: {} },
    });
    expect(fromFile[1]).toMatchObject({ line: 3, error: { details: { line: 3, file: 'a.ndjson' } } });
  });

  it('makes a message of each line of a plain text', async () => {
    const path = join(dir, 'notes.txt');
    writeFileSync(path, Buffer.concat([Buffer.from('\uFEFF¿cuánto cuesta?\r\n\r\n{"id": 1}\r\n'), Buffer.of(0xff, 0x0a), Buffer.from('a\0b\n  last  ')]));
    const found = await read(path, { format: 'text' });
    expect(short(found)).toEqual([[1, 'notes.txt:1'], [3, 'notes.txt:3'], [4, 'SOURCE_TEXT_INVALID'], [5, 'MESSAGE_TEXT_MALFORMED'], [6, 'notes.txt:6']]);
    expect(found.flatMap((item) => ('message' in item ? [[item.message.conversationId, item.message.text, item.message.at]] : []))).toEqual([
      ['notes.txt', '¿cuánto cuesta?', '2026-03-02T10:00:00.001Z'],
      ['notes.txt', '{"id": 1}', '2026-03-02T10:00:00.003Z'],
      ['notes.txt', '  last  ', '2026-03-02T10:00:00.006Z'],
    ]);
    expect(short(await read(Readable.from(['hi']), { format: 'text' }))).toEqual([[1, 'stdin:1']]);
    expect(short(await read(Readable.from(['hi']), { format: 'text', name: 'chat' }))).toEqual([[1, 'chat:1']]);
  });

  it('tells of lines that are too long, in both formats', async () => {
    const text = `${'x'.repeat(8 * 1024 * 1024 + 1)}\nshort`;
    expect(short(await read(Readable.from([text]), { format: 'text' }))).toEqual([[1, 'SOURCE_LINE_TOO_LONG'], [2, 'stdin:2']]);
    expect(short(await read(Readable.from([text])))).toEqual([[1, 'SOURCE_LINE_TOO_LONG'], [2, 'SOURCE_LINE_INVALID']]);
  });

  it('puts attachments given as files into the media store', async () => {
    writeFileSync(join(dir, 'a.jpg'), 'picture');
    const path = join(dir, 'media.ndjson');
    writeFileSync(path, '{"id":"m-1","conversationId":"c","media":[{"kind":"image","file":"a.jpg"}]}\n{"id":"m-2","conversationId":"c","media":[{"kind":"image","file":"/etc/passwd"}]}');
    const [first, second] = await read(path, { media: memoryMediaStore() });
    expect(first).toMatchObject({ message: { media: [{ kind: 'image', ref: await contentRef(new TextEncoder().encode('picture')) }] } });
    expect(second).toMatchObject({ line: 2, error: { code: 'MEDIA_FILE_REFUSED' } });
  });

  it('refuses a file that cannot be read', async () => {
    await expect(read(join(dir, 'missing'))).rejects.toMatchObject({ code: 'INPUT_FILE_UNREADABLE', details: { problem: 'ENOENT' } });
    await expect(read(dir)).rejects.toMatchObject({ code: 'INPUT_FILE_UNREADABLE', details: { problem: 'EISDIR' } });
  });

  it('reads every fixture conversation', async () => {
    const path = new URL('../../../../fixtures/conversations/messages.ndjson', import.meta.url).pathname;
    const found = await read(path, { media: memoryMediaStore(), parse: {} });
    expect(found.length).toBeGreaterThan(600);
    expect(short(found.filter((item) => 'error' in item))).toEqual([]);
  });
});
