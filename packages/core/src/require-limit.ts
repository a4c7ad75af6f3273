import { colloquyError } from './errors/colloquy-error.js';

/** Throws CONFIG_INVALID for a number of milliseconds that is not positive. */
export function requireLimit(name: string, limitMs: number): void {
  if (typeof limitMs === 'number' && limitMs > 0) return;
  throw colloquyError('CONFIG_INVALID', { path: name, problem: 'found a value that is not a positive number; expected milliseconds' });
}
