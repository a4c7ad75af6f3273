import { dueQueue } from './due-queue.js';

export interface Scheduled {
  readonly key: string;
  /** Epoch milliseconds; 0: at once. */
  readonly dueAtMs: number;
  /** It is just being parked; it, and what is behind it, must not start. */
  readonly writing: boolean;
}

/** Messages of one key, in order, that one worker works on. */
export interface Lot<T> {
  readonly key: string;
  readonly items: readonly T[];
}

/**
 * Queues by key: first in, first out within a key, one lot of a key at a time, keys in the order they became ready.
 * A key whose first item is not due waits with everything behind it; the other keys go on.
 */
export interface KeyScheduler<T extends Scheduled> {
  /** `waiting`: it lies behind an item that waits, so the caller should park it. */
  push(item: T): 'queued' | 'waiting';
  /** Lots of up to `keys` different keys and `items` items together; their keys are busy until release(). An item that waited comes alone. */
  take(limit: { readonly keys: number; readonly items: number }): readonly Lot<T>[];
  /** Puts items of a busy key back to its front. */
  putBack(key: string, items: readonly T[]): void;
  release(key: string): void;
  /** Looks again at a key whose item is no longer `writing`. */
  touch(key: string): void;
  queuedOf(key: string): readonly T[];
  /** Takes items out, wherever they are queued. */
  remove(isMatch: (item: T) => boolean): readonly T[];
  /** Cuts every queue before its first match and returns what was cut off. */
  cutFrom(isMatch: (item: T) => boolean): readonly T[];
  /** Makes the keys ready whose first item is due. */
  wake(nowMs: number): void;
  /** When the next waiting key is due. */
  nextDueMs(): number | undefined;
  readyKeys(): number;
}

interface Lane<T> {
  readonly key: string;
  queue: T[];
  state: 'idle' | 'ready' | 'waiting' | 'busy';
  /** Counts changes of state, so that outdated entries of the due queue are known. */
  turn: number;
}

export function keyScheduler<T extends Scheduled>(): KeyScheduler<T> {
  const lanes = new Map<string, Lane<T>>();
  const due = dueQueue<{ readonly lane: Lane<T>; readonly turn: number }>();
  // A Set keeps the order of entry and gives up an entry at once.
  const ready = new Set<Lane<T>>();

  const enter = (lane: Lane<T>, state: Lane<T>['state']) => {
    if (lane.state === 'ready') ready.delete(lane);
    lane.state = state;
    lane.turn++;
    if (state === 'ready') ready.add(lane);
  };
  const settle = (lane: Lane<T>) => {
    const head = lane.queue[0];
    if (head === undefined) {
      enter(lane, 'idle');
      lanes.delete(lane.key);
    } else if (head.writing) enter(lane, 'waiting');
    else if (head.dueAtMs > 0) {
      enter(lane, 'waiting');
      due.push({ lane, turn: lane.turn }, head.dueAtMs);
    } else enter(lane, 'ready');
  };
  const laneOf = (key: string) => {
    let lane = lanes.get(key);
    if (lane === undefined) lanes.set(key, (lane = { key, queue: [], state: 'idle', turn: 0 }));
    return lane;
  };
  const shorten = (keep: (lane: Lane<T>) => readonly T[]): readonly T[] => {
    const gone: T[] = [];
    for (const lane of [...lanes.values()]) {
      const kept = keep(lane);
      if (kept.length === lane.queue.length) continue;
      const remaining = new Set(kept);
      gone.push(...lane.queue.filter((item) => !remaining.has(item)));
      lane.queue = [...kept];
      if (lane.state !== 'busy') settle(lane);
    }
    return gone;
  };

  return {
    push: (item) => {
      const lane = laneOf(item.key);
      lane.queue.push(item);
      if (lane.state === 'idle') settle(lane);
      return lane.state === 'waiting' && lane.queue.length > 1 ? 'waiting' : 'queued';
    },
    take: ({ keys, items }) => {
      const lots: Lot<T>[] = [];
      let room = items;
      for (const lane of ready) {
        if (lots.length >= keys || room <= 0) break;
        const lot = lane.queue.splice(0, startable(lane.queue, room));
        enter(lane, 'busy');
        room -= lot.length;
        lots.push({ key: lane.key, items: lot });
      }
      return lots;
    },
    putBack: (key, items) => {
      const lane = laneOf(key);
      lane.queue = [...items, ...lane.queue];
    },
    release: (key) => settle(laneOf(key)),
    touch: (key) => {
      const lane = lanes.get(key);
      if (lane?.state === 'waiting') settle(lane);
    },
    queuedOf: (key) => lanes.get(key)?.queue ?? [],
    remove: (isMatch) => shorten((lane) => lane.queue.filter((item) => !isMatch(item))),
    cutFrom: (isMatch) =>
      shorten((lane) => {
        const from = lane.queue.findIndex(isMatch);
        return from < 0 ? lane.queue : lane.queue.slice(0, from);
      }),
    wake: (nowMs) => {
      for (let entry = due.pop(nowMs); entry !== undefined; entry = due.pop(nowMs)) {
        if (entry.lane.turn === entry.turn && entry.lane.state === 'waiting') enter(entry.lane, 'ready');
      }
    },
    nextDueMs: () => due.nextMs(),
    readyKeys: () => ready.size,
  };
}

/** How many items from the front may start together. */
function startable(queue: readonly Scheduled[], room: number): number {
  if ((queue[0]?.dueAtMs ?? 0) > 0) return 1;
  const barrier = queue.findIndex((item, index) => index > 0 && (item.writing || item.dueAtMs > 0));
  return Math.min(room, barrier < 0 ? queue.length : barrier);
}
