import { colloquyError } from '@colloquy/core';
import { describe, expect, it } from 'vitest';
import { decodeMessage } from './message-codec.js';
import { refusalHeaders, refusalOf } from './refusal-headers.js';

const value = new TextEncoder().encode('{"id":"m","conversationId":"c","text":"x"}');
const at = '2026-03-02T10:00:00.000Z';

describe('refusalHeaders', () => {
  it('carries an error to decodeMessage', () => {
    const headers = refusalHeaders(colloquyError('SOURCE_LINE_INVALID', { line: 17, file: 'a.ndjson' }));
    expect(() => decodeMessage({ value, at, headers })).toThrow(
      expect.objectContaining({ code: 'SOURCE_LINE_INVALID', kind: 'input', details: { line: 17, file: 'a.ndjson' }, message: expect.stringContaining('broken line 17 in a.ndjson') as unknown }),
    );
    expect(decodeMessage({ value, at, headers: { other: 'x' } }).id).toBe('m');
    expect(decodeMessage({ value, at }).id).toBe('m');
  });

  it.each(['', 'x', 'null', '5', '{"code":"INTERNAL"}', '{"code":"STORE_UNREACHABLE","details":{}}', '{"code":"toString"}', '{"details":{}}'])('takes %j for no refusal', (text) => {
    expect(refusalOf({ 'colloquy-refused': text })).toBeUndefined();
    expect(decodeMessage({ value, at, headers: { 'colloquy-refused': text } }).id).toBe('m');
  });

  it('keeps only plain, short details', () => {
    const details = { line: 3, file: 'f'.repeat(5000), deep: { a: 1 }, list: [1], nothing: null };
    expect(refusalOf({ 'colloquy-refused': JSON.stringify({ code: 'SOURCE_LINE_INVALID', details }) })?.details).toEqual({ line: 3, file: 'f'.repeat(1024) });
  });
});
