import { errorTable, type ErrorCode, type ErrorEntry, type ErrorKind } from './error-table.js';

/** Fills the `{name}` places of an error's text. Ids, counts, names of fields and packages; never message text or contact data. */
export type ErrorDetails = Readonly<Record<string, string | number>>;

export interface ColloquyErrorInit {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly message: string;
  readonly details?: ErrorDetails;
  readonly cause?: unknown;
}

/** Every error that Colloquy throws on purpose; stage authors throw it with codes of their own. */
export class ColloquyError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly details: ErrorDetails;

  constructor(init: ColloquyErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = 'ColloquyError';
    this.code = init.code;
    this.kind = init.kind;
    this.details = init.details ?? {};
  }
}

/** An error of the table, its text filled from `details`. */
export function colloquyError(code: ErrorCode, details: ErrorDetails = {}, cause?: unknown): ColloquyError {
  const entry: ErrorEntry = errorTable[code];
  const message = entry.text.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? ''));
  return new ColloquyError({ code, kind: entry.kind, message, details, cause });
}

/** True for a ColloquyError, also one of another copy of this package. */
export function isColloquyError(error: unknown): error is ColloquyError {
  return error instanceof Error && error.name === 'ColloquyError' && 'code' in error && 'kind' in error;
}

/** The error itself where it is classified, else `fallback` (of kind `bug`) with the error as its cause. */
export function classified(error: unknown, fallback: ErrorCode, details: ErrorDetails = {}): ColloquyError {
  return isColloquyError(error) ? error : colloquyError(fallback, details, error);
}
