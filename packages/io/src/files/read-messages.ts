import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { classified, colloquyError, parseMessage, type ColloquyError, type MediaStore, type Message, type ParseMessageOptions } from '@colloquy/core';
import { maxLineBytes, messageLines } from './message-lines.js';
import { openFile } from './open-file.js';
import { readLines } from './read-lines.js';

/** One line that is not empty: its message, or why it is none. */
export type ReadMessage = { readonly line: number; readonly message: Message } | { readonly line: number; readonly error: ColloquyError };

export interface ReadMessagesOptions {
  /**
   * `ndjson`: one JSON object a line. `text`: one text a line; the name of the input is the conversation, `<name>:<line>` the id.
   * Default: `ndjson`.
   */
  readonly format?: 'ndjson' | 'text';
  /** Of the input, in errors and ids. Default: the file's name; `stdin` for a stream. */
  readonly name?: string;
  /** Where the bytes of attachments given as `file` go; see ndjsonSource. Only for files. */
  readonly media?: MediaStore;
  readonly parse?: ParseMessageOptions;
}

/**
 * The messages of a file or stream, checked, as they are read; a broken line does not end the others. Throws
 * INPUT_FILE_UNREADABLE.
 */
export async function* readMessages(input: string | Readable, options: ReadMessagesOptions = {}): AsyncGenerator<ReadMessage> {
  const messageFile = typeof input === 'string' ? input : undefined;
  const name = options.name ?? (messageFile === undefined ? 'stdin' : basename(messageFile));
  const chunks = typeof input === 'string' ? await openFile(input, 'INPUT_FILE_UNREADABLE') : input;
  const parse = options.parse ?? {};
  if (options.format === 'text') return yield* readTexts(chunks, name, parse);
  const { media } = options;
  const lines = messageLines({ name, chunks, ...(messageFile === undefined ? {} : { messageFile }), ...(media === undefined ? {} : { media }) });
  for await (const batch of lines) {
    for (const { line, value, error } of batch) yield error === undefined ? checked(line, value, parse) : { line, error };
  }
}

async function* readTexts(chunks: AsyncIterable<Uint8Array | string>, name: string, parse: ParseMessageOptions): AsyncGenerator<ReadMessage> {
  const startedMs = parse.now ?? Date.now();
  for await (const batch of readLines(chunks, maxLineBytes)) {
    for (const { line, bytes } of batch) {
      if (bytes === undefined) yield { line, error: colloquyError('SOURCE_LINE_TOO_LONG', { line, file: name, maxBytes: maxLineBytes }) };
      else {
        const text = textOf(bytes);
        if (text === undefined) yield { line, error: colloquyError('SOURCE_TEXT_INVALID', { line, file: name }) };
        else if (text.trim() !== '') yield checked(line, { id: `${name}:${line}`, conversationId: name, at: new Date(startedMs + line).toISOString(), text }, parse);
      }
    }
  }
}

function checked(line: number, value: unknown, parse: ParseMessageOptions): ReadMessage {
  try {
    return { line, message: parseMessage(value, parse) };
  } catch (error) {
    return { line, error: classified(error, 'INTERNAL', { where: `line ${line}` }) };
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
