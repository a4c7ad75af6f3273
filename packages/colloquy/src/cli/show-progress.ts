import { SingleBar } from 'cli-progress';
import type { OutputStream } from './cli-context.js';

export interface Progress {
  /** Messages done, and how far the input was read: 0 to 1, or unknown. */
  update(messages: number, share: number | undefined): void;
  stop(): void;
}

export interface ShowProgressOptions {
  readonly stream: OutputStream;
  /** Default: true. */
  readonly isWanted?: boolean;
  /** Nothing is shown before. Default: 1,000. */
  readonly afterMs?: number;
  /** Epoch milliseconds. */
  now(): number;
}

/** A bar with rate and time left, on a terminal and for work that takes longer than `afterMs`; else nothing. */
export function showProgress({ stream, isWanted = true, afterMs = 1_000, now }: ShowProgressOptions): Progress {
  if (stream.isTTY !== true || !isWanted) return { update: () => undefined, stop: () => undefined };
  const startedAt = now();
  let bar: SingleBar | undefined;
  return {
    update: (messages, share) => {
      const elapsedMs = now() - startedAt;
      if (elapsedMs < afterMs) return;
      bar ??= startBar(stream);
      bar.update(Math.round((share ?? 0) * steps), progressFields(messages, share, elapsedMs));
    },
    stop: () => bar?.stop(),
  };
}

/** Rate over the whole time, and the time left at that rate. */
export function progressFields(messages: number, share: number | undefined, elapsedMs: number): { readonly messages: number; readonly rate: string; readonly left: string } {
  const leftSeconds = share === undefined || share <= 0 ? undefined : Math.round((elapsedMs * (1 - share)) / share / 1000);
  return { messages, rate: ((messages * 1000) / elapsedMs).toFixed(0), left: leftSeconds === undefined ? '?' : clockTime(leftSeconds) };
}

const steps = 1_000;

function startBar(stream: OutputStream): SingleBar {
  const bar = new SingleBar({ stream, format: '{bar} {percentage}% | {messages} messages | {rate}/s | {left} left', hideCursor: true, clearOnComplete: true, etaBuffer: 1, fps: 5 });
  bar.start(steps, 0, { messages: 0, rate: '0', left: '?' });
  return bar;
}

function clockTime(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
}
