import type { Store } from '@colloquy/core';

export interface OpenedStore {
  /** Opened and empty. */
  readonly store: Store;
  /** Closes the store and opens it again on the same data, as after a restart of the process. */
  reopen(): Promise<Store>;
  /** Closes the store that is open now and drops its data. */
  close(): Promise<void>;
}
