import { colloquyError } from '@colloquy/core';

/** Imports an optional peer: `loadPeer(id, 'linkify-it', () => import('linkify-it'))`. Throws STAGE_PEER_MISSING where it is not installed. */
export async function loadPeer<T>(stage: string, peer: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if (isNotFound(cause)) throw colloquyError('STAGE_PEER_MISSING', { stage, peer }, cause);
    throw cause;
  }
}

function isNotFound(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
}
