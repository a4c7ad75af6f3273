import fc from 'fast-check';
import { expect, it } from 'vitest';
import { writeIsolating } from './write-isolating.js';

const signal = new AbortController().signal;

it('writes all but the refused, in order, and names exactly these', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 40 }), async (isBad) => {
      const items = isBad.map((bad, index) => ({ index, bad }));
      const written: number[] = [];
      const refused: number[] = [];
      const accepted = await writeIsolating(items, {
        signal,
        write: async (batch) => {
          if (batch.some(({ bad }) => bad)) throw new Error('refused');
          written.push(...batch.map(({ index }) => index));
        },
        onRefused: ({ index }) => void refused.push(index),
      });
      expect(written).toEqual(items.filter(({ bad }) => !bad).map(({ index }) => index));
      expect(accepted.map(({ index }) => index)).toEqual(written);
      expect(refused).toEqual(items.filter(({ bad }) => bad).map(({ index }) => index));
    }),
  );
});

it('takes no error for a refusal once it is aborted', async () => {
  const refused: number[] = [];
  const aborted = AbortSignal.abort();
  const writing = writeIsolating([1], { signal: aborted, write: () => Promise.reject(aborted.reason), onRefused: (item) => void refused.push(item) });
  await expect(writing).rejects.toMatchObject({ name: 'AbortError' });
  expect(refused).toEqual([]);
});
