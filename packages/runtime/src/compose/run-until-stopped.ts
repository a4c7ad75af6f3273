import type { Runtime } from './create-runtime.js';

export interface RunUntilStoppedOptions {
  /** Aborted when the runner is to drain and end. */
  readonly stop: AbortSignal;
  /** Called when HTTP takes requests. */
  onStarted?(): void;
}

/** Runs a runner to its end: until `stop`, or until a finite source has ended. Everything is closed when it settles. Rejects with why it could not go on. */
export async function runUntilStopped(runtime: Runtime, { stop, onStarted }: RunUntilStoppedOptions): Promise<void> {
  const drain = () => void runtime.drain().catch(() => undefined); // `done` tells
  stop.addEventListener('abort', drain, { once: true });
  try {
    if (stop.aborted) return await runtime.drain();
    await runtime.start();
    onStarted?.();
    await runtime.done;
  } catch (error) {
    await runtime.drain().catch(() => undefined);
    throw error;
  } finally {
    stop.removeEventListener('abort', drain);
  }
}
