import { colloquyError, silentLogger, type Clock } from '@colloquy/core';
import { describe, expect, it } from 'vitest';
import { connectWithBackoff } from './connect-with-backoff.js';

const waits: number[] = [];
const clock: Clock = { now: () => 0, sleep: async (delayMs) => void waits.push(delayMs) };
const options = { clock, log: silentLogger, signal: new AbortController().signal };

describe('connectWithBackoff', () => {
  it('tries until the service answers, waiting longer each time up to the limit', async () => {
    waits.length = 0;
    let tries = 0;
    const connected = await connectWithBackoff(
      async () => {
        if (++tries < 8) throw colloquyError('STORE_UNREACHABLE', { store: 'x' });
      },
      { ...options, firstMs: 100, maxMs: 1_000 },
    );
    expect([connected, tries, waits.length]).toEqual([true, 8, 7]);
    const steps = [100, 200, 400, 800, 1_000, 1_000, 1_000];
    for (const [index, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual((steps[index] as number) / 2);
      expect(wait).toBeLessThanOrEqual(steps[index] as number);
    }
  });

  it('does not retry what waiting cannot mend', async () => {
    await expect(connectWithBackoff(() => Promise.reject(colloquyError('STORE_SCHEMA_MISMATCH')), options)).rejects.toMatchObject({ code: 'STORE_SCHEMA_MISMATCH' });
    await expect(connectWithBackoff(() => Promise.reject(new TypeError('x')), options)).rejects.toBeInstanceOf(TypeError);
  });

  it('gives up when asked to stop', async () => {
    const stop = new AbortController();
    const connected = await connectWithBackoff(
      async () => {
        stop.abort();
        throw colloquyError('STORE_UNREACHABLE', { store: 'x' });
      },
      { ...options, signal: stop.signal },
    );
    expect(connected).toBe(false);
  });
});
