import type { Clock } from '@colloquy/core';

export interface FakeClock extends Clock {
  /** Moves time on and wakes the sleepers that are due, in order; work they start may sleep and be woken within the same stretch. */
  advance(ms: number): Promise<void>;
  /** Jumps from sleeper to sleeper until the promise is settled, and returns its result. Rejects when nobody sleeps and it never settles. */
  runUntil<T>(promise: Promise<T>): Promise<T>;
  /** How many calls of sleep are waiting. */
  sleepers(): number;
}

interface Sleeper {
  readonly wakeAt: number;
  wake(): void;
}

/** A clock that moves only when told. Starts at 2026-03-02T12:00:00Z. */
export function fakeClock(startMs = Date.UTC(2026, 2, 2, 12)): FakeClock {
  const sleepers = new Set<Sleeper>();
  let nowMs = startMs;

  const earliest = () => [...sleepers].reduce<Sleeper | undefined>((first, other) => (first === undefined || other.wakeAt < first.wakeAt ? other : first), undefined);
  const wakeNext = (untilMs: number): boolean => {
    const next = earliest();
    if (next === undefined || next.wakeAt > untilMs) return false;
    nowMs = Math.max(nowMs, next.wakeAt);
    next.wake();
    return true;
  };

  return {
    now: () => nowMs,
    sleep: (delayMs, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const sleeper: Sleeper = {
          wakeAt: nowMs + Math.max(0, delayMs),
          wake: () => {
            sleepers.delete(sleeper);
            signal?.removeEventListener('abort', sleeper.wake);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', sleeper.wake, { once: true });
      }),
    advance: async (ms) => {
      const untilMs = nowMs + ms;
      await settle();
      while (wakeNext(untilMs)) await settle();
      nowMs = untilMs;
    },
    runUntil: async (promise) => {
      let settled = false;
      const mark = () => {
        settled = true;
      };
      promise.then(mark, mark);
      let idleTurns = 0;
      await settle();
      while (!settled) {
        idleTurns = wakeNext(Infinity) ? 0 : idleTurns + 1;
        if (idleTurns > maxIdleTurns) throw new Error('The promise did not settle: nobody sleeps on the fake clock any more.');
        await settle();
      }
      return promise;
    },
    sleepers: () => sleepers.size,
  };
}

const maxIdleTurns = 500;

/** Lets everything run that waits for promises only. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
