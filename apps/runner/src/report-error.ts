import { inspect } from 'node:util';
import { isColloquyError, safeFrames } from '@colloquy/core';
import { problemsOf } from '@colloquy/runtime';
import type { RunnerEnvironment } from './env.js';

/**
 * Prints why the runner ended and returns its exit code. Of errors that are not Colloquy's only name, code and stack frames are
 * told: their texts may quote a message.
 */
export function reportError(error: unknown, { isDebug }: Pick<RunnerEnvironment, 'isDebug'>, print: (line: string) => void = (line) => void process.stderr.write(`${line}\n`)): number {
  const problems: readonly unknown[] = (error instanceof AggregateError ? (error.errors as readonly unknown[]) : [error]).flatMap((one): readonly unknown[] => (isColloquyError(one) ? problemsOf(one) : [one]));
  print(`The runner cannot start or go on: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}.`);
  for (const problem of problems) print(isColloquyError(problem) ? `${problem.code} ${problem.message}` : foreign(problem));
  if (isDebug) print(inspect(error, { depth: 8 }));
  else if (!problems.every(isColloquyError)) print('Start it with --debug to see the whole error; it may quote messages.');
  return isColloquyError(error) && error.kind === 'config' ? 78 : 1;
}

function foreign(error: unknown): string {
  if (!(error instanceof Error)) return `thrown ${typeof error}`;
  const code = 'code' in error && word.test(String(error.code)) ? ` ${String(error.code)}` : '';
  const name = word.test(error.name) ? error.name : 'Error';
  return [`${name}${code}`, ...safeFrames(error).map((frame) => `    ${frame}`)].join('\n');
}

const word = /^[\w.$-]{1,80}$/;
