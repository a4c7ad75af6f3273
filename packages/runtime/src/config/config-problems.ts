import { colloquyError, isColloquyError, type ColloquyError } from '@colloquy/core';

/** Throws CONFIG_REFUSED with all problems; returns where there is none. */
export function refuseConfig(file: string, problems: readonly ColloquyError[]): void {
  if (problems.length === 0) return;
  const list = problems.map(({ code, message }, index) => `(${index + 1}) ${code} ${message}`).join(' ');
  throw colloquyError('CONFIG_REFUSED', { file, count: problems.length, list }, new AggregateError(problems));
}

/** The single problems behind an error of loadConfig, checkConfig or createRuntime; the error itself where it stands alone. */
export function problemsOf(error: ColloquyError): readonly ColloquyError[] {
  const { cause } = error;
  return error.code === 'CONFIG_REFUSED' && cause instanceof AggregateError ? cause.errors.filter(isColloquyError) : [error];
}
