import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyScheduler, type Scheduled } from './key-scheduler.js';

interface Task extends Scheduled {
  readonly name: string;
  dueAtMs: number;
  writing: boolean;
}

const task = (name: string, dueAtMs = 0): Task => ({ name, key: name.slice(0, 1), dueAtMs, writing: false });
const all = { keys: 100, items: 100 };
const names = (lots: readonly { readonly items: readonly Task[] }[]) => lots.map(({ items }) => items.map(({ name }) => name).join(' '));

function filled(...tasks: readonly string[]) {
  const scheduler = keyScheduler<Task>();
  for (const name of tasks) scheduler.push(task(name));
  return scheduler;
}

describe('keyScheduler', () => {
  it('gives whole queues, each key once until it is released', () => {
    const scheduler = filled('a1', 'b1', 'a2', 'c1');
    expect(names(scheduler.take(all))).toEqual(['a1 a2', 'b1', 'c1']);
    scheduler.push(task('a3'));
    expect(scheduler.take(all)).toEqual([]);
    scheduler.release('a');
    expect(names(scheduler.take(all))).toEqual(['a3']);
  });

  it('keeps to the limits, and leaves the rest for later', () => {
    const scheduler = filled('a1', 'a2', 'a3', 'b1', 'c1');
    expect(names(scheduler.take({ keys: 2, items: 2 }))).toEqual(['a1 a2']);
    expect(names(scheduler.take({ keys: 1, items: 9 }))).toEqual(['b1']);
    scheduler.release('a');
    expect(names(scheduler.take(all))).toEqual(['c1', 'a3']);
  });

  it('lets a key wait whose first item is not due, and only that key', () => {
    const scheduler = filled('a1', 'b1');
    const [[a1]] = scheduler.take({ keys: 1, items: 1 }).map(({ items }) => items) as [Task[]];
    (a1 as Task).dueAtMs = 500;
    scheduler.putBack('a', [a1 as Task]);
    scheduler.release('a');
    expect(scheduler.push(task('a2'))).toBe('waiting');
    expect(scheduler.push(task('b2'))).toBe('queued');
    expect(scheduler.nextDueMs()).toBe(500);
    scheduler.wake(499);
    expect(names(scheduler.take(all))).toEqual(['b1 b2']);
    scheduler.wake(500);
    expect(names(scheduler.take(all))).toEqual(['a1']); // alone: it may fail again
    scheduler.release('a');
    expect(names(scheduler.take(all))).toEqual(['a2']);
  });

  it('does not start what is being parked', () => {
    const scheduler = keyScheduler<Task>();
    const first = { ...task('a1'), writing: true };
    scheduler.push(first);
    expect(scheduler.push(task('a2'))).toBe('waiting');
    expect(scheduler.take(all)).toEqual([]);
    first.writing = false;
    scheduler.touch('a');
    expect(names(scheduler.take(all))).toEqual(['a1 a2']);
  });

  it('removes and cuts', () => {
    const scheduler = filled('a1', 'a2', 'a3', 'b1');
    expect(scheduler.remove(({ name }) => name === 'a2').map(({ name }) => name)).toEqual(['a2']);
    expect(scheduler.cutFrom(({ name }) => name === 'b1').map(({ name }) => name)).toEqual(['b1']);
    expect(names(scheduler.take(all))).toEqual(['a1 a3']);
  });

  it('wakes a key again when its first item was removed', () => {
    const scheduler = keyScheduler<Task>();
    scheduler.push(task('a1', 500));
    scheduler.push(task('a2'));
    scheduler.remove(({ name }) => name === 'a1');
    expect(names(scheduler.take(all))).toEqual(['a2']);
  });

  it('keeps the order of every key and loses nothing, whatever the interleaving', () => {
    const step = fc.record({ type: fc.constantFrom('push', 'take', 'release', 'fail', 'wake'), key: fc.constantFrom('a', 'b', 'c'), size: fc.integer({ min: 1, max: 4 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const scheduler = keyScheduler<Task>();
        const pushed: Record<string, string[]> = { a: [], b: [], c: [] };
        const done: Record<string, string[]> = { a: [], b: [], c: [] };
        const busy = new Map<string, readonly Task[]>();
        let nowMs = 1;
        const finish = (key: string) => {
          done[key]?.push(...(busy.get(key) ?? []).map(({ name }) => name));
          busy.delete(key);
          scheduler.release(key);
        };
        const take = (size: number) => {
          for (const { key, items } of scheduler.take({ keys: size, items: size })) {
            expect(busy.has(key)).toBe(false);
            busy.set(key, items);
          }
        };
        for (const { type, key, size } of steps) {
          if (type === 'push') {
            const name = `${key}${pushed[key]?.length}`;
            pushed[key]?.push(name);
            scheduler.push(task(name));
          } else if (type === 'take') take(size);
          else if (type === 'release' && busy.has(key)) finish(key);
          else if (type === 'fail' && busy.has(key)) {
            const items = busy.get(key) as readonly Task[];
            (items[0] as Task).dueAtMs = nowMs + size * 10;
            scheduler.putBack(key, items);
            busy.delete(key);
            scheduler.release(key);
          } else if (type === 'wake') scheduler.wake((nowMs += size * 5));
        }
        for (let round = 0; round < 400; round++) {
          for (const key of [...busy.keys()]) finish(key);
          scheduler.wake((nowMs += 50));
          take(9);
        }
        expect(done).toEqual(pushed);
      }),
    );
  });
});
