import { expect, it } from 'vitest';
import { murmur2, partitionOf } from './index.js';

// Vectors of Apache Kafka's own test (UtilsTest.testMurmur2).
it.each([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
])('murmur2 of %s', (key, expected) => {
  expect(murmur2(new TextEncoder().encode(key))).toBe(expected);
});

it('is never negative', () => {
  for (const key of ['21', 'foobar', 'ñandú', '🙏', '']) expect(partitionOf(key, 8)).toBeGreaterThanOrEqual(0);
});
