import { isColloquyError, type Clock, type Logger } from '@colloquy/core';

export interface ConnectOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Gives up without error when aborted. */
  readonly signal: AbortSignal;
  /** Wait after the first failure; doubled up to maxMs, with jitter. Default: 250. */
  readonly firstMs?: number;
  /** Default: 15,000. */
  readonly maxMs?: number;
}

/** Tries until the service answers: false when the signal came first. Rejects with errors that are not of kind `transient`. */
export async function connectWithBackoff(connect: () => Promise<void>, options: ConnectOptions): Promise<boolean> {
  const { clock, log, signal, firstMs = 250, maxMs = 15_000 } = options;
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      await connect();
      return true;
    } catch (error) {
      if (!isColloquyError(error) || error.kind !== 'transient') throw error;
      const waitMs = Math.round(Math.min(maxMs, firstMs * 2 ** Math.min(failures, 20)) * (0.5 + Math.random() / 2));
      log.warn('runner.unreachable', { code: error.code, failures: failures + 1, retryInMs: waitMs });
      await clock.sleep(waitMs, signal);
    }
  }
  return false;
}
