import { colloquyError, recentLength } from '@colloquy/core';

export interface RetryOptions {
  /** Wait before the second try; doubled for every further one. */
  readonly initialMs: number;
  /** The longest wait. */
  readonly maxMs: number;
  /** Tries in all, the first included. */
  readonly maxAttempts: number;
  /** Time from the first failure; after it the message is dead-lettered. */
  readonly budgetMs: number;
}

export interface DeliveryOptions {
  /** Messages taken from the source and not yet settled. */
  readonly maxInFlight: number;
  /** Their bytes. One message larger than this is still taken, alone. */
  readonly maxInFlightBytes: number;
  /** Parked messages held in memory; from there on nothing is taken until some are settled. What is in flight may still be parked. */
  readonly maxParked: number;
  readonly maxParkedBytes: number;
  /** Calls of process() under way at once. */
  readonly concurrency: number;
  /** Messages handed to process() at once, and the most one conversation has between process() and store. */
  readonly maxBatch: number;
  /** Messages handed to the store, the enriched topic, parking or the dead letters at once. */
  readonly maxWriteBatch: number;
  readonly commitIntervalMs: number;
  /** How long drain() lets work in flight finish. */
  readonly drainMs: number;
  /** How long a revoked partition's work in flight may finish before the partition is given up. */
  readonly revokeMs: number;
  readonly retry: RetryOptions;
}

/** What a caller writes; everything else is defaulted. */
export type DeliverySettings = Partial<Omit<DeliveryOptions, 'retry'>> & { readonly retry?: Partial<RetryOptions> };

export const deliveryDefaults: DeliveryOptions = {
  maxInFlight: 2_000,
  maxInFlightBytes: 64 * 1024 * 1024,
  maxParked: 10_000,
  maxParkedBytes: 64 * 1024 * 1024,
  concurrency: 16,
  maxBatch: 32,
  maxWriteBatch: 500,
  commitIntervalMs: 1_000,
  drainMs: 10_000,
  revokeMs: 5_000,
  retry: { initialMs: 1_000, maxMs: 60_000, maxAttempts: 20, budgetMs: 15 * 60_000 },
};

/** More of one conversation between process() and store than half of what a summary remembers could be counted twice while two owners overlap. */
const maxBatchLimit = recentLength / 2;

/** Fills the defaults. Throws CONFIG_INVALID for a number that makes no sense. */
export function resolveOptions(settings: DeliverySettings = {}): DeliveryOptions {
  const options: DeliveryOptions = { ...deliveryDefaults, ...settings, retry: { ...deliveryDefaults.retry, ...settings.retry } };
  const { retry, ...own } = options;
  for (const [name, value] of Object.entries(own)) refuse(`delivery.${name}`, value as number, 1);
  for (const [name, value] of Object.entries(retry)) refuse(`delivery.retry.${name}`, value, 1);
  if (options.maxBatch > maxBatchLimit) {
    throw colloquyError('CONFIG_INVALID', { path: 'delivery.maxBatch', problem: `found ${options.maxBatch}; expected at most ${maxBatchLimit}` });
  }
  return options;
}

function refuse(path: string, value: number, least: number): void {
  if (Number.isFinite(value) && value >= least) return;
  throw colloquyError('CONFIG_INVALID', { path, problem: `found ${value}; expected a number of at least ${least}` });
}
