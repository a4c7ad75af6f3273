import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { decodeHeaders, encodeHeaders } from './header-text.js';

describe('headers', () => {
  it('are text where they are UTF-8, base64 with a mark where not', () => {
    expect(decodeHeaders({ text: Buffer.from('José 🚕'), bytes: Buffer.from([0xff, 0x00]), empty: Buffer.alloc(0), absent: undefined })).toEqual({
      text: 'José 🚕',
      bytes: 'base64:/wA=',
      empty: '',
      absent: '',
    });
  });

  it('count once, by their last value', () => {
    expect(decodeHeaders({ tried: [Buffer.from('1'), Buffer.from('2')] })).toEqual({ tried: '2' });
  });

  it('that begin with the mark are not mistaken for bytes', () => {
    const [[, shown] = ['', '']] = Object.entries(decodeHeaders({ odd: Buffer.from('base64:no') }));
    expect(shown).toBe(`base64:${Buffer.from('base64:no').toString('base64')}`);
  });

  it('come back byte by byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(encodeHeaders(decodeHeaders({ h: Buffer.from(bytes) }))).toEqual({ h: Buffer.from(bytes) });
      }),
    );
  });
});
