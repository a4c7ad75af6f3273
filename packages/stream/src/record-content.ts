import { createHash } from 'node:crypto';
import type { SourceRecord } from '@colloquy/core';

type Content = Pick<SourceRecord, 'key' | 'value'>;

/** Whether two records at one place are the same one: headers and times may change on the way through Parking, key and value do not. */
export function hasSameBytes(a: Content, b: Content): boolean {
  return areEqual(a.key, b.key) && areEqual(a.value, b.value);
}

/** SHA-256 over key and value, in hex. */
export function contentHash({ key, value }: Content): string {
  const hash = createHash('sha256').update(`${key?.length ?? 'none'} ${value?.length ?? 'none'}\n`);
  return hash.update(key ?? empty).update(value ?? empty).digest('hex');
}

const empty = new Uint8Array();

function areEqual(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : Buffer.compare(a, b) === 0;
}
