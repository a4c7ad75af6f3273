import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLines } from './read-lines.js';

async function linesOf(chunks: readonly (string | Uint8Array)[], maxBytes = 1000): Promise<(string | undefined)[]> {
  async function* stream() {
    yield* chunks;
  }
  const lines: (string | undefined)[] = [];
  for await (const batch of readLines(stream(), maxBytes)) {
    for (const { line, bytes } of batch) {
      lines.push(bytes === undefined ? undefined : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
      expect(line).toBe(lines.length);
    }
  }
  return lines;
}

describe('readLines', () => {
  it.each([
    ['nothing', [], []],
    ['one line without end', ['a'], ['a']],
    ['LF', ['a\nb\n'], ['a', 'b']],
    ['CRLF', ['a\r\nb\r\n'], ['a', 'b']],
    ['CR and LF in two chunks', ['a\r', '\nb'], ['a', 'b']],
    ['empty lines', ['\n\na\n\n'], ['', '', 'a', '']],
    ['a byte order mark', ['\uFEFFa\nb'], ['a', 'b']],
    ['a byte order mark in two chunks', [Uint8Array.of(0xef, 0xbb), Uint8Array.of(0xbf, 0x61)], ['a']],
    ['a byte order mark later', ['a\n\uFEFFb'], ['a', '\uFEFFb']],
    ['a CR inside', ['a\rb\n'], ['a\rb']],
    ['a last line of CR', ['a\n\r'], ['a', '']],
  ])('reads %s', async (_, chunks, lines) => {
    expect(await linesOf(chunks)).toEqual(lines);
  });

  it('gives back any lines, however they are cut into chunks', async () => {
    const text = fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }).map((line) => line.replace(/[\r\n\uFEFF]/g, 'x')), { minLength: 1, maxLength: 10 });
    const property = fc.asyncProperty(text, fc.array(fc.nat({ max: 200 }), { maxLength: 10 }), fc.constantFrom('\n', '\r\n'), async (lines, cuts, end) => {
      const bytes = new TextEncoder().encode(lines.map((line) => line + end).join(''));
      const edges = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
      expect(await linesOf(edges.map((edge, index) => bytes.subarray(edge, edges[index + 1])))).toEqual(lines);
    });
    await fc.assert(property);
  });

  it('drops lines that are too long, and only those', async () => {
    const chunks = (text: string) => text.match(/[^]{1,7}/g) ?? [];
    const long = 'x'.repeat(21);
    const fit = 'y'.repeat(20);
    expect(await linesOf(chunks(`${fit}\r\n${long}\n${fit}\n${long}${long}\n\n${fit}`), 20)).toEqual([fit, undefined, fit, undefined, '', fit]);
    expect(await linesOf([`a\n${long}`], 20)).toEqual(['a', undefined]);
    expect(await linesOf([`\uFEFF${fit}\r\n`], 20)).toEqual([fit]);
  });

  it('holds no more than a line in memory', async () => {
    async function* endless() {
      for (let index = 0; index < 2_000; index++) yield Buffer.alloc(1024 * 1024, 0x61);
      yield '\nnext\n';
    }
    const before = process.memoryUsage.rss();
    let peak = 0;
    const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 5);
    const lines: unknown[] = [];
    for await (const batch of readLines(endless(), 1000)) lines.push(...batch.map(({ bytes }) => bytes?.length));
    clearInterval(timer);
    expect(lines).toEqual([undefined, 4]);
    expect(Math.max(peak, process.memoryUsage.rss()) - before).toBeLessThan(500 * 1024 * 1024);
  });
});
