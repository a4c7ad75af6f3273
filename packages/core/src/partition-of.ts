/**
 * The partition of a key, as Kafka's default partitioner chooses it: murmur2 (Austin Appleby's hash, seed 0x9747b28c, as in
 * Kafka's client utilities) of the key's UTF-8 bytes without sign bit, modulo the number of partitions.
 */
export function partitionOf(key: string | Uint8Array, partitions: number): number {
  return (murmur2(typeof key === 'string' ? encoder.encode(key) : key) & 0x7fffffff) % partitions;
}

/** 32-bit murmur2, as a signed integer. */
export function murmur2(bytes: Uint8Array): number {
  const length = bytes.length;
  let h = 0x9747b28c ^ length;
  const blocks = length >> 2;
  const at = (index: number) => bytes[index] as number;
  for (let block = 0; block < blocks; block++) {
    const i = block << 2;
    let k = at(i) | (at(i + 1) << 8) | (at(i + 2) << 16) | (at(i + 3) << 24);
    k = Math.imul(k, m);
    k ^= k >>> 24;
    h = Math.imul(h, m) ^ Math.imul(k, m);
  }
  const tail = blocks << 2;
  const rest = length & 3;
  if (rest >= 3) h ^= at(tail + 2) << 16;
  if (rest >= 2) h ^= at(tail + 1) << 8;
  if (rest >= 1) h = Math.imul(h ^ at(tail), m);
  h = Math.imul(h ^ (h >>> 13), m);
  return (h ^ (h >>> 15)) | 0;
}

const m = 0x5bd1e995;
const encoder = new TextEncoder();
