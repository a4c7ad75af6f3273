import { offsetTracker, type OffsetTracker } from './offset-tracker.js';
import type { Item } from './item.js';

/** One stretch of owning a partition. Assigned again, the partition gets a new one. */
export interface Assignment {
  readonly partition: string;
  readonly tracker: OffsetTracker;
  /** Parked messages held in memory, by offset. */
  readonly parked: Map<number, Item>;
  /** `revoking`: nothing new starts, work in flight finishes. `over`: what still comes back is dropped. */
  state: 'owned' | 'revoking' | 'over';
  /** Items somebody works on: a worker or a writer. */
  active: number;
  /** Where another owner would begin: the last offset committed, at first the first one taken. */
  committed: number | undefined;
}

export function newAssignment(partition: string): Assignment {
  return { partition, tracker: offsetTracker(), parked: new Map(), state: 'owned', active: 0, committed: undefined };
}
