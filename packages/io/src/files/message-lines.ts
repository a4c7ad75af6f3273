import { colloquyError, isColloquyError, type ColloquyError, type MediaStore } from '@colloquy/core';
import { mediaFiles } from './media-files.js';
import { readLines } from './read-lines.js';

/** One line that is not empty: a JSON object, or what is wrong with it. */
export interface MessageLine {
  readonly line: number;
  /** As read, with attachments given as files replaced by their refs; absent where the line is too long to be kept. */
  readonly bytes: Uint8Array | undefined;
  readonly value?: Readonly<Record<string, unknown>>;
  /** SOURCE_LINE_INVALID, SOURCE_LINE_TOO_LONG or MEDIA_FILE_REFUSED, each with `line` and `file` in its details. */
  readonly error?: ColloquyError;
}

export interface MessageLinesOptions {
  /** In errors and positions. */
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array | string>;
  /** Path of the file the chunks come from. */
  readonly messageFile?: string;
  /** Absent: attachments given as files stay as they are. */
  readonly media?: MediaStore;
}

/** A longer line is refused without being kept. */
export const maxLineBytes = 8 * 1024 * 1024;

/** The lines of an NDJSON text, as its chunks come. */
export async function* messageLines({ name, chunks, messageFile, media }: MessageLinesOptions): AsyncGenerator<readonly MessageLine[]> {
  const files = media === undefined ? undefined : mediaFiles({ media, ...(messageFile === undefined ? {} : { messageFile }) });
  for await (const lines of readLines(chunks, maxLineBytes)) {
    const read: MessageLine[] = [];
    for (const { line, bytes } of lines) {
      const place = { line, file: name };
      if (bytes === undefined) read.push({ line, bytes, error: colloquyError('SOURCE_LINE_TOO_LONG', { ...place, maxBytes: maxLineBytes }) });
      else if (!isBlank(bytes)) read.push(await messageLine(bytes, place, files));
    }
    if (read.length > 0) yield read;
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true });
const encoder = new TextEncoder();

async function messageLine(bytes: Uint8Array, place: { readonly line: number; readonly file: string }, files: ReturnType<typeof mediaFiles> | undefined): Promise<MessageLine> {
  const { line } = place;
  const value = objectIn(bytes);
  if (value === undefined) return { line, bytes, error: colloquyError('SOURCE_LINE_INVALID', place) };
  if (files === undefined) return { line, bytes, value };
  try {
    const taken = await files.take(value);
    return taken === value ? { line, bytes, value } : { line, bytes: encoder.encode(JSON.stringify(taken)), value: taken };
  } catch (error) {
    if (!isColloquyError(error) || error.kind !== 'input') throw error;
    return { line, bytes, value, error: colloquyError('MEDIA_FILE_REFUSED', { ...error.details, ...place, where: ` in line ${line} of ${place.file}` }) };
  }
}

function objectIn(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(decoder.decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    // The cause is left out: engines quote the text in it.
    return undefined;
  }
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
