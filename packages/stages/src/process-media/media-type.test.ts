import type { MediaRef } from '@colloquy/core';
import { fileTypeFromBuffer } from 'file-type';
import { describe, expect, it } from 'vitest';
import { judgeType } from './media-type.js';

const text = (value: string) => new TextEncoder().encode(value);
const bytes = (...values: (number | string)[]) => Uint8Array.from(values.flatMap((value) => (typeof value === 'string' ? [...text(value)] : [value])));
const files = {
  jpeg: bytes(0xff, 0xd8, 0xff, 0xe0, 0, 16, 'JFIF', 0),
  png: bytes(0x89, 'PNG', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 'IHDR', 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'IDAT', 0, 0, 0, 0),
  psd: bytes('8BPS', 0, 1),
  mp4: bytes(0, 0, 0, 24, 'ftypisom', 0, 0, 2, 0, 'isomiso2'),
  ogg: bytes('OggS', 0, 2, ...Array.from({ length: 20 }, () => 0), 1, 19, 'OpusHead'),
  pdf: bytes('%PDF-1.4\n'),
  exe: bytes('MZ', 0x90, 0, 3, 0, 0, 0),
  vcard: text('BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n'),
  lateVcard: text('\ufeff\r\nBEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n'),
  html: text('  <!DOCTYPE HTML><script>1</script>'),
  svg: text('<svg xmlns="http://www.w3.org/2000/svg"/>'),
  csv: text('name;price\npera;3\n'),
  latin1: bytes('a', 0xf1, 'o;', 0xe9),
  utf16: bytes(0xff, 0xfe, 'a', 0, 'b', 0),
  noise: bytes(0, 1, 2, 3, 4, 5, 6, 7),
} as const;

type Declared = Pick<MediaRef, 'kind' | 'mimeType'>;
const as = (kind: MediaRef['kind'], mimeType?: string): Declared => ({ kind, ...(mimeType === undefined ? {} : { mimeType }) });

describe('judgeType accepts', () => {
  it.each<[keyof typeof files, Declared, { kind: string; mimeType?: string }]>([
    ['jpeg', as('image', 'image/jpeg'), { kind: 'image', mimeType: 'image/jpeg' }],
    ['jpeg', as('image', 'image/png'), { kind: 'image', mimeType: 'image/jpeg' }],
    ['jpeg', as('image'), { kind: 'image', mimeType: 'image/jpeg' }],
    ['jpeg', as('sticker', 'image/webp'), { kind: 'sticker', mimeType: 'image/jpeg' }],
    ['png', as('document', 'image/png'), { kind: 'image', mimeType: 'image/png' }],
    ['png', as('document', 'application/octet-stream'), { kind: 'image', mimeType: 'image/png' }],
    ['png', as('image', 'IMAGE/PNG; q=1'), { kind: 'image', mimeType: 'image/png' }],
    ['mp4', as('video', 'video/mp4'), { kind: 'video', mimeType: 'video/mp4' }],
    ['mp4', as('audio', 'audio/mp4'), { kind: 'audio', mimeType: 'video/mp4' }],
    ['ogg', as('audio', 'audio/ogg; codecs=opus'), { kind: 'audio', mimeType: 'audio/ogg' }],
    ['ogg', as('document'), { kind: 'audio', mimeType: 'audio/ogg' }],
    ['mp4', as('document'), { kind: 'video', mimeType: 'video/mp4' }],
    ['pdf', as('document', 'application/pdf'), { kind: 'document', mimeType: 'application/pdf' }],
    ['pdf', as('document', 'application/msword'), { kind: 'document', mimeType: 'application/pdf' }],
    ['vcard', as('contact', 'text/x-vcard'), { kind: 'contact', mimeType: 'text/vcard' }],
    ['lateVcard', as('contact', 'text/vcard'), { kind: 'contact', mimeType: 'text/vcard' }],
    ['vcard', as('document', 'text/plain'), { kind: 'contact', mimeType: 'text/vcard' }],
    ['csv', as('document', 'text/csv'), { kind: 'document', mimeType: 'text/plain' }],
    ['latin1', as('document', 'text/csv'), { kind: 'document', mimeType: 'text/plain' }],
    ['utf16', as('document'), { kind: 'document', mimeType: 'text/plain' }],
    ['html', as('document', 'text/html'), { kind: 'document', mimeType: 'text/html' }],
    ['svg', as('document', 'image/svg+xml'), { kind: 'document', mimeType: 'image/svg+xml' }],
    ['exe', as('document', 'application/x-msdownload'), { kind: 'document', mimeType: 'application/x-msdownload' }],
    ['exe', as('document'), { kind: 'document', mimeType: 'application/x-msdownload' }],
    ['noise', as('document', 'application/x-unheard-of'), { kind: 'document' }],
  ])('%s as %j', async (name, declared, verdict) => {
    expect(await judgeType(files[name], declared, fileTypeFromBuffer)).toEqual(verdict);
  });
});

describe('judgeType finds a mismatch', () => {
  it.each<[keyof typeof files, Declared, { found: string; declared: string }]>([
    ['html', as('image', 'image/png'), { found: 'text/html', declared: 'image/png' }],
    ['svg', as('image', 'image/svg+xml'), { found: 'image/svg+xml', declared: 'image/svg+xml' }],
    ['psd', as('image'), { found: 'image/vnd.adobe.photoshop', declared: 'image' }],
    ['jpeg', as('video', 'video/mp4'), { found: 'image/jpeg', declared: 'video/mp4' }],
    ['jpeg', as('image', 'application/pdf'), { found: 'image/jpeg', declared: 'application/pdf' }],
    ['jpeg', as('document', 'application/pdf'), { found: 'image/jpeg', declared: 'application/pdf' }],
    ['mp4', as('image'), { found: 'video/mp4', declared: 'image' }],
    ['pdf', as('contact', 'text/vcard'), { found: 'application/pdf', declared: 'text/vcard' }],
    ['csv', as('audio'), { found: 'text/plain', declared: 'audio' }],
    ['noise', as('image', 'image/jpeg'), { found: 'bytes of no known type', declared: 'image/jpeg' }],
    ['noise', as('document', 'application/pdf'), { found: 'bytes of no known type', declared: 'application/pdf' }],
    ['csv', as('document', 'application/pdf'), { found: 'text/plain', declared: 'application/pdf' }],
    ['exe', as('document', 'application/msword'), { found: 'application/x-msdownload', declared: 'application/msword' }],
  ])('%s as %j', async (name, declared, mismatch) => {
    expect((await judgeType(files[name], declared, fileTypeFromBuffer)).mismatch).toEqual(mismatch);
  });

  it('and does not repeat what the sender wrote where it is no type', async () => {
    const verdict = await judgeType(files.html, as('image', 'image/call me on +52 55 5555 0101'), fileTypeFromBuffer);
    expect(verdict.mismatch).toEqual({ found: 'text/html', declared: 'image' });
  });

  it('where the finder gives up', async () => {
    const verdict = await judgeType(files.noise, as('image'), () => Promise.reject(new Error('end of stream')));
    expect(verdict.mismatch?.found).toBe('bytes of no known type');
  });
});
