import { isConfigError } from './is-config-error.js';

export interface IsolatingWrite<T> {
  write(items: readonly T[]): Promise<void>;
  /** Awaited for each item that is refused when it stands alone, before those behind it are written. */
  onRefused(item: T, error: unknown): void | Promise<void>;
  /** Once aborted, an error is no refusal and is passed on; one of kind `config` never is a refusal. */
  readonly signal: AbortSignal;
}

/** Writes items in their order. Where a write is refused it is halved until the refused items stand alone. Returns the others. */
export async function writeIsolating<T>(items: readonly T[], options: IsolatingWrite<T>): Promise<readonly T[]> {
  if (items.length === 0) return [];
  try {
    await options.write(items);
    return items;
  } catch (error) {
    if (options.signal.aborted || isConfigError(error)) throw error;
    if (items.length === 1) {
      await options.onRefused(items[0] as T, error);
      return [];
    }
  }
  const middle = items.length >> 1;
  const first = await writeIsolating(items.slice(0, middle), options);
  return [...first, ...(await writeIsolating(items.slice(middle), options))];
}
