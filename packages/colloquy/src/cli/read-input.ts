import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { isColloquyError, type ColloquyError, type MediaStore, type Message } from '@colloquy/core';
import { readMessages } from '@colloquy/io/files';
import type { CliContext } from './cli-context.js';

/** `auto`: by the name of the file, else NDJSON where the first character is `{`. */
export type InputFormat = 'auto' | 'ndjson' | 'text';

export interface InputProblem {
  /** File and line. */
  readonly where: string;
  readonly error: ColloquyError;
}

export interface ReadInputOptions {
  /** Relative to the working folder; `-`: standard input. */
  readonly file: string;
  /** Default: auto. */
  readonly format?: InputFormat;
  readonly media: MediaStore;
  /** Count lines first, so that `share` can be told; not for standard input. */
  readonly isCounted?: boolean;
  /** Told of every line, and of a file, that cannot be read; the rest goes on. */
  onProblem(problem: InputProblem): void;
}

export interface InputMessage {
  readonly message: Message;
  /** How much of the file is read, 0 to 1, where that is known. */
  readonly share?: number;
}

/** The messages of a file or of standard input. */
export async function* readInput(context: CliContext, options: ReadInputOptions): AsyncGenerator<InputMessage> {
  const { file, onProblem } = options;
  const name = file === '-' ? 'stdin' : file;
  try {
    const { input, format, lines } = await openInput(context, options);
    for await (const read of readMessages(input, { name, format, media: options.media })) {
      if ('error' in read) onProblem({ where: `${name}:${read.line}`, error: read.error });
      else yield { message: read.message, ...(lines === undefined ? {} : { share: read.line / lines }) };
    }
  } catch (error) {
    if (!isColloquyError(error) || error.code !== 'INPUT_FILE_UNREADABLE') throw error;
    onProblem({ where: name, error });
  }
}

interface OpenedInput {
  readonly input: string | Readable;
  readonly format: 'ndjson' | 'text';
  readonly lines?: number;
}

async function openInput(context: CliContext, { file, format = 'auto', isCounted = false }: ReadInputOptions): Promise<OpenedInput> {
  if (file === '-') {
    context.stop.addEventListener('abort', () => context.stdin.destroy(), { once: true });
    return format === 'auto' ? peekStream(context.stdin) : { input: context.stdin, format };
  }
  const path = resolve(context.cwd, file);
  const found = format === 'auto' ? await formatOfFile(path) : format;
  return { input: path, format: found, ...(isCounted ? { lines: await countLines(path) } : {}) };
}

async function formatOfFile(path: string): Promise<'ndjson' | 'text'> {
  if (['.ndjson', '.jsonl'].includes(extname(path))) return 'ndjson';
  if (extname(path) === '.txt') return 'text';
  // A file that cannot be opened is told by readMessages.
  const handle = await open(path).catch(() => undefined);
  if (handle === undefined) return 'ndjson';
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4_096), 0, 4_096, 0);
    return formatOfStart(buffer.toString('utf8', 0, bytesRead)) ?? 'text';
  } catch {
    return 'ndjson';
  } finally {
    await handle.close();
  }
}

/** Looks at the first character that is not blank and gives the stream back whole. */
async function peekStream(stream: Readable): Promise<OpenedInput> {
  const chunks = (stream as AsyncIterable<Uint8Array | string>)[Symbol.asyncIterator]();
  const seen: Uint8Array[] = [];
  let format: 'ndjson' | 'text' | undefined;
  while (format === undefined) {
    const { value, done } = await chunks.next();
    if (done === true) break;
    seen.push(typeof value === 'string' ? Buffer.from(value) : value);
    format = formatOfStart(Buffer.concat(seen).toString('utf8'));
  }
  async function* whole(): AsyncGenerator<Uint8Array | string> {
    yield* seen;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  }
  return { input: Readable.from(whole()), format: format ?? 'text' };
}

function formatOfStart(text: string): 'ndjson' | 'text' | undefined {
  const start = text.replace(/^\ufeff/, '').trimStart();
  return start === '' ? undefined : start.startsWith('{') ? 'ndjson' : 'text';
}

async function countLines(path: string): Promise<number> {
  let lines = 1;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1;
  } catch {
    // Told by readMessages.
  }
  return lines;
}
