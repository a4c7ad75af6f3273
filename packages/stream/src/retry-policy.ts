import type { RetryOptions } from './delivery-options.js';

export interface RetryPolicy {
  /** Wait after the given number of failed tries: half of the exponential step for certain, the other half by chance. */
  delayMs(attempts: number): number;
  /** True when no further try is due. */
  isSpent(attempts: number, elapsedMs: number): boolean;
}

/** Exponential backoff with jitter and a budget. `random` gives numbers in [0, 1). */
export function retryPolicy(options: RetryOptions, random: () => number = Math.random): RetryPolicy {
  const { initialMs, maxMs, maxAttempts, budgetMs } = options;
  return {
    delayMs: (attempts) => {
      const step = Math.min(maxMs, initialMs * 2 ** Math.min(30, Math.max(0, attempts - 1)));
      return Math.round(step / 2 + (random() * step) / 2);
    },
    isSpent: (attempts, elapsedMs) => attempts >= maxAttempts || elapsedMs >= budgetMs,
  };
}
