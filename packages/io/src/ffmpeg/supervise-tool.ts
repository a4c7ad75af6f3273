import type { ChildProcess } from 'node:child_process';
import { colloquyError } from '@colloquy/core';

export interface ToolLimits {
  /** For error texts. */
  readonly tool: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Runs a program to its end, or kills it when it is late or no longer wanted and waits until it is gone. Throws
 * MEDIA_TOOL_MISSING where it cannot be started, MEDIA_TIMEOUT where it is late, the signal's reason where that is aborted, and
 * MEDIA_CORRUPT where the program gives up on the file. `start` must hand over its process through `onChild`.
 */
export async function superviseTool<T>(limits: ToolLimits, start: (onChild: (child: ChildProcess) => void) => Promise<T>): Promise<T> {
  const { tool, timeoutMs, signal } = limits;
  signal.throwIfAborted();
  const stop = stopper();
  const onAbort = () => stop.now(signal.reason);
  const timer = setTimeout(() => stop.now(colloquyError('MEDIA_TIMEOUT', { tool, timeoutMs })), timeoutMs);
  signal.addEventListener('abort', onAbort, { once: true });
  const work = start(stop.watch);
  work.catch(() => undefined); // the stopper may be first
  try {
    return await Promise.race([work, stop.stopped]);
  } catch (error) {
    if (stop.reason !== undefined) throw stop.reason.value;
    throw classify(tool, error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

interface Stopper {
  /** Rejects once the killed process is gone. */
  readonly stopped: Promise<never>;
  /** Set as soon as it was told to stop. */
  readonly reason: { readonly value: unknown } | undefined;
  watch(child: ChildProcess): void;
  now(reason: unknown): void;
}

function stopper(): Stopper {
  let child: ChildProcess | undefined;
  let reason: { readonly value: unknown } | undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const stopped = new Promise<never>((_, refuse) => {
    reject = refuse;
  });
  stopped.catch(() => undefined); // nobody may be waiting any more
  const kill = (running: ChildProcess, why: { readonly value: unknown }) => {
    running.once('exit', () => reject(why.value));
    running.once('error', () => reject(why.value));
    running.kill('SIGKILL');
  };
  return {
    stopped,
    get reason() {
      return reason;
    },
    watch: (started) => {
      child = started;
      if (reason !== undefined) kill(started, reason);
    },
    now: (why) => {
      if (reason !== undefined) return;
      reason = { value: why };
      if (child !== undefined) kill(child, reason);
    },
  };
}

const notStartable = new Set(['ENOENT', 'EACCES', 'ENOTDIR', 'ENOEXEC', 'EISDIR']);

function classify(tool: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === undefined) return colloquyError('MEDIA_CORRUPT', { mimeType: 'file of sound or film' }, error);
  return notStartable.has(code) ? colloquyError('MEDIA_TOOL_MISSING', { tool }, error) : error;
}
