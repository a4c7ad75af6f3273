import type { Assignment } from './item.js';
import { offsetTracker } from './offset-tracker.js';

export function newAssignment(partition: string): Assignment {
  return { partition, tracker: offsetTracker(), parked: new Map(), state: 'owned', active: 0, committed: undefined };
}
