import { isColloquyError } from '@colloquy/core';

/** Of what the engine depends on, such an error says nothing about a message: it ends the engine. */
export function isConfigError(error: unknown): boolean {
  return isColloquyError(error) && error.kind === 'config';
}
