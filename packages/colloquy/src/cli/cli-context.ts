import type { Readable, Writable } from 'node:stream';
import type { Environment } from '@colloquy/runtime';
import { createColors } from 'picocolors';

/** What a command may reach of the process; tests hand in their own. */
export interface CliContext {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Environment;
  readonly cwd: string;
  /** Aborted when the process is asked to stop. */
  readonly stop: AbortSignal;
}

export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };
export type Colours = ReturnType<typeof createColors>;

/** Exit codes, as docs/reference/command.md tells them. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, config: 78, stopped: 130 } as const;

/** Colours where the stream is a terminal; NO_COLOR and FORCE_COLOR decide before it. */
export function coloursOf({ env }: CliContext, stream: OutputStream): Colours {
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return createColors(false);
  if (env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0') return createColors(true);
  return createColors(stream.isTTY === true && env['TERM'] !== 'dumb');
}

/** Writes and waits while the reader is slow. */
export function write(stream: OutputStream, text: string): Promise<void> {
  if (stream.write(text)) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.once('drain', done).once('close', done);
  });
}

/** Text of others made harmless for a terminal: control characters become visible. Line ends stay. */
export function printable(text: string): string {
  return text.replace(controls, (char) => (char === '\u007f' ? '\u2421' : String.fromCharCode(0x2400 + char.charCodeAt(0)))).replace(steering, '\ufffd');
}

const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\r(?!\n)/g;
/** C1 controls, and what turns the direction of writing. */
const steering = /[\u0080-\u009f\u202a-\u202e\u2066-\u2069]/g;
