import { contentRef, type MediaStore } from '@colloquy/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

export interface MediaStoreSuiteOptions {
  readonly name: string;
  /** A ready store, empty or not. The suite closes it. */
  open(): Promise<MediaStore>;
  /** For stores that outlive the process: the same store again, called after its close. Adds the test that nothing is lost. */
  reopen?(): Promise<MediaStore>;
}

/** What every MediaStore must do. Call it at the top level of a vitest file. */
export function mediaStoreSuite({ name, open, reopen }: MediaStoreSuiteOptions): void {
  describe(`MediaStore: ${name}`, () => {
    let store: MediaStore;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    it('answers its check', async () => {
      await expect(store.check()).resolves.toBeUndefined();
    });

    it('gives back exactly the bytes put, under their content hash', async () => {
      const bytes = everyByte();
      const ref = await store.put(bytes);
      expect(ref).toBe(await contentRef(bytes));
      expect(same(await store.get(ref), bytes)).toBe(true);
    });

    it('has the same ref for the same bytes, another for others', async () => {
      const first = await store.put(text('same'));
      expect(await store.put(text('same'))).toBe(first);
      expect(await store.put(text('other'))).not.toBe(first);
      expect(same(await store.get(first), text('same'))).toBe(true);
    });

    it('takes a view into a larger buffer and a Buffer for what they show', async () => {
      const whole = text('--inner--');
      const view = whole.subarray(2, 7);
      expect(await store.put(view)).toBe(await contentRef(text('inner')));
      expect(await store.put(Buffer.from('inner'))).toBe(await contentRef(text('inner')));
      expect(same(await store.get(await contentRef(text('inner'))), text('inner'))).toBe(true);
    });

    it('is not changed through the bytes given or got', async () => {
      const bytes = text('immutable');
      const ref = await store.put(bytes);
      bytes.fill(0);
      (await store.get(ref))?.fill(1);
      expect(same(await store.get(ref), text('immutable'))).toBe(true);
    });

    it('keeps empty bytes', async () => {
      const ref = await store.put(new Uint8Array(0));
      expect(ref).toBe('sha256-e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
      expect((await store.get(ref))?.length).toBe(0);
    });

    it('keeps a file of 5 MB', async () => {
      const bytes = noise(5_000_000);
      const ref = await store.put(bytes);
      expect(same(await store.get(ref), bytes)).toBe(true);
    });

    it('takes the same bytes from many sides at once', async () => {
      const bytes = noise(300_001);
      const refs = await Promise.all(Array.from({ length: 12 }, () => store.put(bytes)));
      expect(new Set(refs).size).toBe(1);
      const got = await Promise.all(refs.map((ref) => store.get(ref)));
      expect(got.every((copy) => same(copy, bytes))).toBe(true);
    });

    it('takes many different files at once', async () => {
      const files = Array.from({ length: 40 }, (_, index) => text(`file ${index}`));
      const refs = await Promise.all(files.map((file) => store.put(file)));
      expect(new Set(refs).size).toBe(40);
      const got = await Promise.all(refs.map((ref) => store.get(ref)));
      expect(got.every((copy, index) => same(copy, files[index]))).toBe(true);
    });

    it('has nothing under a ref it never gave', async () => {
      expect(await store.get(`sha256-${'0'.repeat(64)}`)).toBeUndefined();
    });

    it.each(malformedRefs)('refuses the malformed ref %j', async (ref) => {
      await expect(store.get(ref)).rejects.toMatchObject({ code: 'MEDIA_REF_INVALID', kind: 'input' });
    });

    if (reopen !== undefined) {
      it('still has the bytes after closing and opening again', async () => {
        const ref = await store.put(text('durable'));
        await store.close();
        store = await reopen();
        expect(same(await store.get(ref), text('durable'))).toBe(true);
      });
    }
  });
}

const hex = 'a'.repeat(64);
const malformedRefs = [
  '',
  'sha256-',
  hex,
  `sha256-${hex}0`,
  `sha256-${hex.toUpperCase()}`,
  `md5-${hex}`,
  'sha256-../../../../etc/passwd',
  `../sha256-${hex}`,
  `sha256-${hex}\n`,
  `sha256-${hex}/..`,
  `sha256-${hex}\0`,
];

function everyByte(): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, index) => index);
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

/** Bytes that repeat nowhere soon: a linear congruential generator (Numerical Recipes). */
function noise(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = length;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

/** A plain comparison: a matcher's diff of 5 MB would take minutes. */
function same(found: Uint8Array | undefined, expected: Uint8Array | undefined): boolean {
  return found !== undefined && expected !== undefined && Buffer.compare(found, expected) === 0;
}
