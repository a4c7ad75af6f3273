import { colloquyError, isColloquyError, safeFrames, type ColloquyError } from '@colloquy/core';

/** What the database says when it will never take a document: too large, or against its validator. */
const refusals = new Map<number, string>([
  [121, 'it does not fit the schema of the database'],
  [10334, 'it is larger than 16 MB'],
  [17280, 'one of its keys is too large'],
  [17419, 'the summary of its conversation would become larger than 16 MB'],
]);
const deniedCodes = [13, 18, 8000];
const duplicateKey = 11_000;
const writeConflict = 112;

/** The failure of one operation of a bulk write. */
export interface WriteFailure {
  readonly index: number;
  readonly code: number;
}

/** Why the database will never take it; `undefined` for any other code. */
export function refusalOf(code: number): string | undefined {
  return refusals.get(code);
}

export function isDuplicate(error: unknown): boolean {
  return codeOf(error) === duplicateKey;
}

/** True for failures that pass when the same is tried again at once: another writer was there first. */
export function isRace(code: number): boolean {
  return code === duplicateKey || code === writeConflict;
}

/** The operations of a bulk write that failed; `undefined` where the whole of it failed, such as for lack of a connection. */
export function writeFailures(error: unknown): readonly WriteFailure[] | undefined {
  if ((error as Error).name !== 'MongoBulkWriteError') return undefined;
  const { writeErrors } = error as { writeErrors?: WriteFailure | readonly WriteFailure[] };
  const list = writeErrors === undefined ? [] : Array.isArray(writeErrors) ? (writeErrors as readonly WriteFailure[]) : [writeErrors as WriteFailure];
  return list.length === 0 ? undefined : list.map(({ index, code }) => ({ index, code }));
}

/** The driver's error in the words of the error table. Anything not known is taken for unreachable: it is tried again, never lost. */
export function databaseError(error: unknown, store: string): ColloquyError {
  if (isColloquyError(error)) return error as ColloquyError;
  const refusal = refusalOf(codeOf(error) ?? 0);
  if (refusal !== undefined) return colloquyError('STORE_REFUSED', { id: '(unknown)', problem: refusal }, withoutContents(error));
  return colloquyError(deniedCodes.includes(codeOf(error) ?? 0) ? 'STORE_DENIED' : 'STORE_UNREACHABLE', { store }, withoutContents(error));
}

/** The name, code and stack of a driver's error; its text may quote the document. */
function withoutContents(error: unknown): Error {
  const { name } = error as Error;
  const code = codeOf(error);
  const plain = new Error(`${name}${code === undefined ? '' : ` ${code}`}`);
  const frames = error instanceof Error ? safeFrames(error) : [];
  plain.stack = [`Error: ${plain.message}`, ...frames.map((frame) => `    ${frame}`)].join('\n');
  return plain;
}

function codeOf(error: unknown): number | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === 'number' ? code : undefined;
}
