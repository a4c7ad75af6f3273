import { describe, expect, it } from 'vitest';
import { memorySource } from './memory-source.js';
import { sourceSuite } from './source-suite.js';

sourceSuite({
  name: 'memory, four partitions',
  partitions: 4,
  quietMs: 20,
  open: async () => {
    const source = memorySource({ partitions: 4 });
    return { source, produce: source.produce, reopen: async () => source.reopen(), close: async () => undefined };
  },
});

sourceSuite({
  name: 'memory, finite',
  finite: true,
  quietMs: 20,
  open: async () => {
    const source = memorySource({ finite: true });
    return { source, produce: source.produce, reopen: async () => source.reopen(), close: async () => undefined };
  },
});

describe('memorySource', () => {
  it('hands a partition over through revoked() and assigned(), from the last commit', async () => {
    const source = memorySource({ partitions: 2 });
    await source.produce(['a', 'b', 'c', 'd', 'e', 'f'].map((key) => ({ key, value: new Uint8Array([1]) })));
    const events: string[] = [];
    const run = source.run({
      assigned: async (partitions) => void events.push(`assigned ${partitions.join(' ')}`),
      revoked: async (partitions) => {
        events.push(`revoked ${partitions.join(' ')}`);
        await source.commit(new Map([['memory/1', 1]]));
      },
      records: async (records) => void events.push(...records.map(({ partition, offset }) => `${partition}@${offset}`)),
    });
    await new Promise((resolve) => setImmediate(resolve));
    const before = events.filter((event) => event.startsWith('memory/1@'));
    expect(before.length).toBeGreaterThan(1);
    await source.rebalance(['memory/0']);
    await source.rebalance(['memory/0', 'memory/1']);
    await new Promise((resolve) => setImmediate(resolve));
    expect(events.slice(7)).toEqual(['revoked memory/1', 'assigned memory/1', ...before.slice(1)]);
    await source.stop();
    await run;
  });

  it('refuses commits for a partition it does not own', async () => {
    const source = memorySource({ partitions: 2, owned: ['memory/0'] });
    const run = source.run({ assigned: async () => undefined, revoked: async () => undefined, records: async () => undefined });
    await expect(source.commit(new Map([['memory/1', 1]]))).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    await source.stop();
    await run;
  });
});
