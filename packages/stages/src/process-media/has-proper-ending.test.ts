import { expect, it } from 'vitest';
import { hasProperEnding } from './has-proper-ending.js';

const text = (value: string) => new TextEncoder().encode(value);

it.each<[string, Uint8Array, boolean]>([
  ['image/gif', text('GIF89a…;'), true],
  ['image/gif', text('GIF89a…;\0\0\0'), true],
  ['image/gif', text('GIF89a…'), false],
  ['image/gif', text('\0\0'), false],
  ['application/pdf', text('%PDF-1.4\n…\nstartxref\n9\n%%EOF\n'), true],
  ['application/pdf', text('%PDF-1.4\n…\n'), false],
  ['text/vcard', text('BEGIN:VCARD\r\nEND:VCARD\r\n'), true],
  ['text/vcard', text('begin:vcard\nend:vcard'), true],
  ['text/vcard', text('BEGIN:VCARD\r\nFN:A'), false],
  ['image/jpeg', text('anything'), true],
  ['text/plain', new Uint8Array(0), true],
])('%s %#', (mimeType, bytes, proper) => {
  expect(hasProperEnding(bytes, mimeType)).toBe(proper);
});

it('looks at the view only, not at the buffer around it', () => {
  const around = text('GIF89a…;after');
  expect(hasProperEnding(around.subarray(0, around.length - 5), 'image/gif')).toBe(true);
  expect(hasProperEnding(around.subarray(0, around.length - 6), 'image/gif')).toBe(false);
});
