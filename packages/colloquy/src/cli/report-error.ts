import { isColloquyError } from '@colloquy/core';
import { problemsOf } from '@colloquy/runtime';
import { coloursOf, exitCodes, printable, type CliContext } from './cli-context.js';

/** Tells what went wrong, without stack unless `debug`, and returns the exit code. */
export function reportError(context: CliContext, error: unknown, debug: boolean): number {
  const colours = coloursOf(context, context.stderr);
  if (isColloquyError(error)) {
    const problems = problemsOf(error);
    if (problems.length > 1) context.stderr.write(`${problems.length} problems:\n`);
    for (const { code, message } of problems) context.stderr.write(`${colours.red(code)} ${printable(message)}\n`);
  } else {
    const text = error instanceof Error ? error.message : String(error);
    context.stderr.write(`${colours.red('unexpected')} ${printable(text)}\nThis is a fault of colloquy. Run it again with --debug and report what it prints.\n`);
  }
  if (debug) context.stderr.write(`${chain(error)}\n`);
  return isColloquyError(error) && error.kind === 'config' ? exitCodes.config : exitCodes.failed;
}

function chain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = error instanceof AggregateError ? error.errors : error.cause === undefined ? [] : [error.cause];
  return [error.stack ?? error.message, ...inner.map((cause) => `caused by ${chain(cause)}`)].join('\n');
}
