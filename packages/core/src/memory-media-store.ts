import { contentRef, isContentRef } from './content-ref.js';
import { colloquyError } from './errors/colloquy-error.js';
import type { MediaStore } from './ports/media-store.js';

/** A MediaStore that lives as long as the process: for trying things out and for tests. Unbounded. Keeps and gives copies. */
export function memoryMediaStore(): MediaStore {
  const files = new Map<string, Uint8Array>();
  return {
    put: async (bytes) => {
      const copy = Uint8Array.from(bytes);
      const ref = await contentRef(copy);
      if (!files.has(ref)) files.set(ref, copy);
      return ref;
    },
    get: async (ref) => {
      if (!isContentRef(ref)) throw colloquyError('MEDIA_REF_INVALID');
      const bytes = files.get(ref);
      return bytes === undefined ? undefined : Uint8Array.from(bytes);
    },
    check: async () => undefined,
    close: async () => files.clear(),
  };
}
