import { constants } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, resolve, sep } from 'node:path';
import { colloquyError, type ColloquyError, type MediaStore } from '@colloquy/core';

export interface MediaFiles {
  /**
   * Puts the bytes of every attachment that has `file` in the store and replaces `file` by `ref`. Returns the message itself
   * where there is none, or where it does not have the form of a message. Throws MEDIA_FILE_REFUSED.
   */
  take(message: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>;
}

export interface MediaFilesOptions {
  readonly media: MediaStore;
  /** The file of messages that paths are relative to; absent for a stream, which has no folder. */
  readonly messageFile?: string;
  /** Default: 64 MiB. */
  readonly maxFileBytes?: number;
}

/** Attachments given as files beside a file of messages. */
export function mediaFiles({ media, messageFile, maxFileBytes = 64 * 1024 * 1024 }: MediaFilesOptions): MediaFiles {
  let folder: Promise<string> | undefined;

  const refOf = async (file: string): Promise<string> => {
    if (messageFile === undefined) throw refused('comes from a stream, which has no folder');
    if (isAbsolute(file)) throw refused('is absolute');
    folder ??= realpath(dirname(resolve(messageFile)));
    return media.put(await readInside(await folder, file, maxFileBytes));
  };
  const takeOne = async (item: unknown): Promise<unknown> => {
    if (!isRecord(item) || typeof item['file'] !== 'string') return item;
    const { file, ...rest } = item;
    return { ...rest, ref: await refOf(file as string) };
  };

  return {
    take: async (message) => {
      const { media: items } = message;
      if (!Array.isArray(items) || !items.some((item) => isRecord(item) && typeof item['file'] === 'string')) return message;
      const taken: unknown[] = [];
      for (const item of items) taken.push(await takeOne(item));
      return { ...message, media: taken };
    },
  };
}

/** Links are followed first: what counts is where the bytes lie. */
async function readInside(folder: string, file: string, maxBytes: number): Promise<Uint8Array> {
  const path = await realpath(resolve(folder, file)).catch(() => {
    throw refused('names no file there');
  });
  if (!path.startsWith(folder.endsWith(sep) ? folder : folder + sep)) throw refused('leads out of that folder');
  const before = await stat(path);
  if (!before.isFile()) throw refused('names something that is no file');
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => {
    throw refused('names a file that cannot be read');
  });
  try {
    if ((await handle.stat()).size > maxBytes) throw refused(`names a file of more than ${maxBytes} bytes`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function refused(problem: string): ColloquyError {
  return colloquyError('MEDIA_FILE_REFUSED', { problem });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
