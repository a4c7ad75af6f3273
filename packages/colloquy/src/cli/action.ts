import type { Command } from 'commander';

/** A program and the exit code its last action gave. */
export interface Program {
  readonly command: Command;
  exitCode: number;
}

/** What a command runs; resolves with its exit code. */
export type Action<Args extends readonly unknown[]> = (...args: Args) => Promise<number>;

/** Makes an action whose result becomes the exit code. */
export function action<Args extends readonly unknown[]>(program: Program, run: Action<Args>): (...args: Args) => Promise<void> {
  return async (...args) => {
    program.exitCode = await run(...args);
  };
}
