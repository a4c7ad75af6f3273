import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { offsetTracker } from './offset-tracker.js';

describe('offsetTracker', () => {
  it('says nothing before the first record', () => {
    expect(offsetTracker().position()).toBeUndefined();
  });

  it('moves only behind a contiguous settled prefix, over gaps', () => {
    const tracker = offsetTracker();
    for (const offset of [10, 12, 15, 16]) tracker.take(offset);
    expect(tracker.position()).toBe(10);
    tracker.finish(12);
    tracker.finish(16);
    expect(tracker.position()).toBe(10);
    tracker.finish(10);
    expect(tracker.position()).toBe(15);
    tracker.finish(15);
    expect(tracker.position()).toBe(17);
  });

  it('takes an offset once while it is under way', () => {
    const tracker = offsetTracker();
    expect(tracker.take(3)).toBe(true);
    expect(tracker.take(3)).toBe(false);
    tracker.finish(3);
    expect(tracker.take(3)).toBe(true);
  });

  it('goes back when settled records come again, as from a log that was made anew', () => {
    const tracker = offsetTracker();
    for (const offset of [100, 101, 102]) tracker.take(offset);
    for (const offset of [100, 101, 102]) tracker.finish(offset);
    expect(tracker.position()).toBe(103);
    tracker.take(0);
    expect(tracker.position()).toBe(0);
    tracker.finish(0);
    expect(tracker.position()).toBe(1);
  });

  it('never tells a position past an unsettled record, and reaches the end when all are settled', () => {
    const step = fc.oneof(fc.record({ type: fc.constant('take' as const), gap: fc.integer({ min: 0, max: 3 }) }), fc.record({ type: fc.constant('finish' as const), pick: fc.nat() }), fc.record({ type: fc.constant('again' as const), pick: fc.nat() }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const tracker = offsetTracker();
        const open = new Set<number>();
        const taken: number[] = [];
        let next = 0;
        const take = (offset: number) => {
          expect(tracker.take(offset)).toBe(!open.has(offset));
          open.add(offset);
        };
        for (const one of steps) {
          if (one.type === 'take') {
            next += one.gap;
            taken.push(next);
            take(next++);
          } else if (one.type === 'again' && taken.length > 0) {
            // The source goes back and reads on from there.
            const from = one.pick % taken.length;
            for (const offset of taken.slice(from)) take(offset);
          } else if (one.type === 'finish' && open.size > 0) {
            const offset = [...open][one.pick % open.size] as number;
            open.delete(offset);
            tracker.finish(offset);
          }
          expect(tracker.underWay()).toBe(open.size);
          const first = Math.min(...open);
          expect(tracker.position()).toBe(taken.length === 0 ? undefined : open.size > 0 ? first : next);
        }
      }),
    );
  });

  it('stays small: settled offsets are let go', () => {
    const tracker = offsetTracker();
    for (let offset = 0; offset < 100_000; offset++) {
      tracker.take(offset);
      if (offset >= 100) tracker.finish(offset - 100);
    }
    expect(tracker.underWay()).toBe(100);
    expect(tracker.position()).toBe(99_900);
  });
});
