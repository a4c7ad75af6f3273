import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryPolicy } from './retry-policy.js';

const options = { initialMs: 100, maxMs: 1_000, maxAttempts: 5, budgetMs: 10_000 };

describe('retryPolicy', () => {
  it('doubles up to the longest wait', () => {
    const waits = (random: number) => [1, 2, 3, 4, 5, 100].map((attempts) => retryPolicy(options, () => random).delayMs(attempts));
    expect(waits(0)).toEqual([50, 100, 200, 400, 500, 500]);
    expect(waits(0.999)).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  });

  it('stays between half a step and a whole one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempts, random) => {
        const step = Math.min(1_000, 100 * 2 ** (attempts - 1));
        const wait = retryPolicy(options, () => random).delayMs(attempts);
        expect(wait).toBeGreaterThanOrEqual(step / 2);
        expect(wait).toBeLessThanOrEqual(step);
      }),
    );
  });

  it('is spent by tries or by time', () => {
    const policy = retryPolicy(options);
    expect(policy.isSpent(4, 9_999)).toBe(false);
    expect(policy.isSpent(5, 0)).toBe(true);
    expect(policy.isSpent(1, 10_000)).toBe(true);
  });
});
