import type { Readable } from 'node:stream';
import { refusalHeaders } from '@colloquy/contracts';
import { systemClock, type Clock, type ColloquyError, type MediaStore, type Source, type SourceListener, type SourceRecord } from '@colloquy/core';
import { messageLines, type MessageLine } from './message-lines.js';
import { checkFile, openFile } from './open-file.js';

export interface NdjsonSourceOptions {
  /** Files of messages, one JSON object a line; read one after the other. */
  readonly paths?: readonly string[];
  /** Read after the files, such as process.stdin. Can be run once. */
  readonly stdin?: Readable;
  /**
   * Where the bytes of attachments given as `file` go, which is replaced by `ref`. Their paths are relative to the file of
   * messages and must stay inside its folder, links followed. Default: `file` is left as it is.
   */
  readonly media?: MediaStore;
  /** Told of every line that is delivered as refused; the error names file and line. */
  readonly onInvalidLine?: (error: ColloquyError) => void;
  readonly clock?: Clock;
}

/**
 * A finite source: each file is a partition by its path, standard input is `stdin`, an offset is a line number from 1, the key
 * is the conversation. A line that cannot be a message is delivered too, marked so that decodeMessage refuses it with
 * SOURCE_LINE_INVALID, SOURCE_LINE_TOO_LONG or MEDIA_FILE_REFUSED. Commits hold while the object lives. run() and check()
 * reject with SOURCE_FILE_UNREADABLE.
 */
export function ndjsonSource({ paths = [], stdin, media, onInvalidLine, clock = systemClock }: NdjsonSourceOptions): Source {
  const files = [...new Set(paths)];
  const committed = new Map<string, number>();
  let open: Readable | undefined;
  let stopped = false;

  const deliver = async (partition: string, stream: Readable, messageFile: string | undefined, listener: SourceListener): Promise<void> => {
    const first = committed.get(partition) ?? 1;
    const startedMs = clock.now();
    open = stream;
    const options = { name: partition, chunks: stream, ...(messageFile === undefined ? {} : { messageFile }), ...(media === undefined ? {} : { media }) };
    for await (const lines of messageLines(options)) {
      const fresh = lines.filter(({ line }) => line >= first);
      for (let start = 0; start < fresh.length && !stopped; start += maxRecords) {
        const batch = fresh.slice(start, start + maxRecords);
        for (const { error } of batch) if (error !== undefined) onInvalidLine?.(error);
        await listener.records(batch.map((line) => recordOf(line, partition, startedMs)));
      }
      if (stopped) return;
    }
  };

  const stop = async () => {
    stopped = true;
    open?.destroy();
  };

  return {
    name: 'files',
    run: async (listener) => {
      for (const file of files) await checkFile(file, 'SOURCE_FILE_UNREADABLE');
      if (stopped) return;
      await listener.assigned([...files, ...(stdin === undefined ? [] : [stdinPartition])]);
      try {
        for (const file of files) if (!stopped) await deliver(file, await openFile(file, 'SOURCE_FILE_UNREADABLE'), file, listener);
        if (stdin !== undefined && !stopped) await deliver(stdinPartition, stdin, undefined, listener);
      } catch (error) {
        // A stream destroyed by stop() ends with an error of its own.
        if (!stopped) throw error;
      }
    },
    commit: async (offsets) => {
      for (const [partition, offset] of offsets) committed.set(partition, offset);
    },
    stop,
    check: async () => {
      for (const file of files) await checkFile(file, 'SOURCE_FILE_UNREADABLE');
    },
    close: stop,
  };
}

const stdinPartition = 'stdin';
/** How many records one call of records() gets at most. */
const maxRecords = 100;
const encoder = new TextEncoder();

/** Dated by the start of the reading and one millisecond a line: messages without a time keep the order of their lines. */
function recordOf({ line, bytes, value, error }: MessageLine, partition: string, startedMs: number): SourceRecord {
  const conversationId = value?.['conversationId'];
  return {
    partition,
    offset: line,
    key: typeof conversationId === 'string' ? encoder.encode(conversationId) : undefined,
    value: bytes,
    headers: error === undefined ? {} : refusalHeaders(error),
    at: new Date(startedMs + line).toISOString(),
  };
}
