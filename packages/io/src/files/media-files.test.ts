import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentRef, memoryMediaStore } from '@colloquy/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaFiles } from './media-files.js';

describe('mediaFiles', () => {
  const root = mkdtempSync(join(tmpdir(), 'colloquy-media-files-'));
  const folder = join(root, 'in');
  const bytes = new TextEncoder().encode('picture');
  const media = memoryMediaStore();
  const files = mediaFiles({ media, messageFile: join(folder, 'messages.ndjson'), maxFileBytes: 1000 });
  const message = (file: unknown) => ({ id: 'm', media: [{ kind: 'image', file, caption: 'c' }] });

  beforeAll(() => {
    mkdirSync(join(folder, 'media'), { recursive: true });
    mkdirSync(`${folder}-beside`);
    for (const path of [join(folder, 'media', 'a.jpg'), join(folder, 'ñ 📷.jpg'), join(root, 'secret'), join(`${folder}-beside`, 'secret')]) writeFileSync(path, bytes);
    writeFileSync(join(folder, 'large'), new Uint8Array(1001));
    symlinkSync('media/a.jpg', join(folder, 'inner-link'));
    symlinkSync('../secret', join(folder, 'outer-link'));
    symlinkSync('..', join(folder, 'outer-folder'));
    symlinkSync('nowhere', join(folder, 'broken-link'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
  });
  afterAll(() => rmSync(root, { recursive: true }));

  it.each(['media/a.jpg', './media/../media/a.jpg', 'ñ 📷.jpg', 'inner-link', 'media/../../in/media/a.jpg'])('takes %s', async (file) => {
    expect(await files.take(message(file))).toEqual({ id: 'm', media: [{ kind: 'image', caption: 'c', ref: await contentRef(bytes) }] });
    expect(await media.get(await contentRef(bytes))).toEqual(bytes);
  });

  it.each([
    ['../secret', 'leads out of that folder'],
    ['outer-link', 'leads out of that folder'],
    ['outer-folder/secret', 'leads out of that folder'],
    ['../in-beside/secret', 'leads out of that folder'],
    [join(root, 'secret'), 'is absolute'],
    ['/etc/passwd', 'is absolute'],
    ['missing.jpg', 'names no file there'],
    ['broken-link', 'names no file there'],
    ['media/a.jpg\0.png', 'names no file there'],
    ['media', 'names something that is no file'],
    ['pipe', 'names something that is no file'],
    ['.', 'leads out of that folder'],
    ['', 'leads out of that folder'],
    ['large', 'names a file of more than 1000 bytes'],
  ])('refuses %j', async (file, problem) => {
    await expect(files.take(message(file))).rejects.toMatchObject({ code: 'MEDIA_FILE_REFUSED', kind: 'input', details: { problem } });
  });

  it('refuses files of a message from a stream', async () => {
    await expect(mediaFiles({ media }).take(message('media/a.jpg'))).rejects.toMatchObject({ code: 'MEDIA_FILE_REFUSED' });
  });

  it.each([{ id: 'm' }, { media: 'x' }, { media: [] }, { media: [null, 5, { kind: 'image' }, { file: 5 }] }])('leaves %j as it is', async (given) => {
    expect(await files.take(given)).toBe(given);
  });
});
