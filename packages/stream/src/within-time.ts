import type { Clock } from '@colloquy/core';

/** True when the work was done within the time; else it goes on unattended. Rejects as the work does. */
export async function withinTime(clock: Clock, ms: number, work: Promise<unknown>): Promise<boolean> {
  const off = new AbortController();
  try {
    return await Promise.race([work.then(() => true), clock.sleep(ms, off.signal).then(() => false)]);
  } finally {
    off.abort();
  }
}
