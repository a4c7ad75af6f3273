/**
 * Which records of one partition are settled. Tells the offset to read next after a crash: everything before it is settled.
 * Offsets may have gaps. A settled record that comes again is tracked again, and the position goes back with it.
 */
export interface OffsetTracker {
  /** False when this offset is under way already. */
  take(offset: number): boolean;
  finish(offset: number): void;
  isUnderWay(offset: number): boolean;
  /** The offset to commit; `undefined` while nothing was taken. */
  position(): number | undefined;
  underWay(): number;
}

export function offsetTracker(): OffsetTracker {
  const open = new Set<number>();
  // Ascending; holds every open offset, and settled ones until they reach the front.
  let queue: number[] = [];
  let head = 0;
  let next: number | undefined;

  const skipSettled = () => {
    while (head < queue.length && !open.has(queue[head] as number)) head++;
    if (head < 1024 || head * 2 < queue.length) return;
    queue = queue.slice(head);
    head = 0;
  };

  return {
    take: (offset) => {
      next = offset + 1;
      if (open.has(offset)) return false;
      open.add(offset);
      const last = queue[queue.length - 1];
      if (last === undefined || head === queue.length || offset > last) queue.push(offset);
      else insert(queue, head, offset);
      return true;
    },
    finish: (offset) => {
      open.delete(offset);
      skipSettled();
    },
    isUnderWay: (offset) => open.has(offset),
    position: () => {
      skipSettled();
      const first = queue[head];
      if (first === undefined || next === undefined) return next;
      return Math.min(first, next);
    },
    underWay: () => open.size,
  };
}

/** Keeps the queue ascending; the offset may lie in it already. */
function insert(queue: number[], from: number, offset: number): void {
  let low = from;
  let high = queue.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((queue[middle] as number) < offset) low = middle + 1;
    else high = middle;
  }
  if (queue[low] !== offset) queue.splice(low, 0, offset);
}
