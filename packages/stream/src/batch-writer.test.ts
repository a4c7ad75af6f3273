import { describe, expect, it } from 'vitest';
import { batchWriter } from './batch-writer.js';

function recorder(write: (items: readonly string[]) => Promise<void> = async () => undefined) {
  const batches: string[] = [];
  const writer = batchWriter<string>({
    maxWeight: 6,
    weightOf: (item) => item.length,
    write: async (items) => {
      batches.push(items.join(' '));
      await write(items);
    },
  });
  return { batches, writer };
}

describe('batchWriter', () => {
  it('gathers what comes while it writes, in order, up to the weight', async () => {
    const { batches, writer } = recorder(() => new Promise((resolve) => setImmediate(resolve)));
    const pushes = ['aa', 'bb', 'cc', 'dd'].map(writer.push);
    await pushes[0];
    pushes.push(...['e', 'overweight', 'f'].map(writer.push));
    await Promise.all(pushes);
    expect(batches).toEqual(['aa bb cc', 'dd', 'e', 'overweight', 'f']);
  });

  it('fails only what was in the failed write, and goes on', async () => {
    const { batches, writer } = recorder(async (items) => {
      if (items.includes('bad')) throw new Error('no');
    });
    const bad = writer.push('bad');
    await expect(bad).rejects.toThrow('no');
    await writer.push('good');
    expect(batches).toEqual(['bad', 'good']);
  });
});
