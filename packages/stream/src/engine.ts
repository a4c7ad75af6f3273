import type { DeliveryParts } from './delivery-parts.js';
import type { DeliveryOptions } from './delivery-options.js';
import type { Dependencies } from './dependencies.js';
import type { Item } from './item.js';
import type { KeyScheduler } from './key-scheduler.js';
import type { Ledger } from './ledger.js';
import type { RetryPolicy } from './retry-policy.js';

/** What the parts of the engine share. */
export interface Engine {
  readonly parts: DeliveryParts;
  readonly options: DeliveryOptions;
  readonly ledger: Ledger;
  readonly scheduler: KeyScheduler<Item>;
  readonly dependencies: Dependencies;
  readonly policy: RetryPolicy;
  /** Aborted when drain() begins: nothing more is taken. */
  readonly draining: AbortController;
  /** Aborted at the end: whatever still runs is given up. */
  readonly lifetime: AbortController;
  /** Something was settled, queued or given up: whoever waits looks again. */
  changed(): void;
  /** Ends the engine because of an error nobody foresaw. */
  fail(error: unknown): void;
}
