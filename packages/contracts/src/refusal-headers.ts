import { colloquyError, errorTable, type ColloquyError, type ErrorCode, type ErrorDetails } from '@colloquy/core';

const header = 'colloquy-refused';

/** Marks a record that its source knows to hold no message, so that it is dead-lettered with the source's own error. */
export function refusalHeaders({ code, details }: Pick<ColloquyError, 'code' | 'details'>): Readonly<Record<string, string>> {
  return { [header]: JSON.stringify({ code, details }) };
}

/** The error of refusalHeaders. Anyone may write headers: only errors of kind `input` are taken, with plain details. */
export function refusalOf(headers: Readonly<Record<string, string>>): ColloquyError | undefined {
  const given = headers[header];
  if (given === undefined) return undefined;
  try {
    const { code, details } = JSON.parse(given) as { readonly code?: unknown; readonly details?: unknown };
    return isInputCode(code) ? colloquyError(code, plainDetails(details)) : undefined;
  } catch {
    return undefined;
  }
}

const maxDetailChars = 1_024;

function isInputCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorTable, code) && errorTable[code as ErrorCode].kind === 'input';
}

function plainDetails(details: unknown): ErrorDetails {
  const plain: Record<string, string | number> = {};
  if (typeof details !== 'object' || details === null) return plain;
  for (const [name, value] of Object.entries(details as Readonly<Record<string, unknown>>)) {
    if (typeof value === 'number') plain[name] = value;
    if (typeof value === 'string') plain[name] = value.slice(0, maxDetailChars);
  }
  return plain;
}
