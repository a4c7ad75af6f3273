import { Command, CommanderError } from 'commander';
import type { Program } from './action.js';
import { exitCodes, type CliContext } from './cli-context.js';
import { addDoctor } from './commands/doctor.js';
import { addEnrich } from './commands/enrich.js';
import { addInit } from './commands/init.js';
import { addPipeline } from './commands/pipeline.js';
import { addRun } from './commands/run.js';
import { reportError } from './report-error.js';
import { version } from './version.js';

export function createProgram(context: CliContext): Program {
  const command = new Command('colloquy')
    .description('Reads conversations: language, intent, entities, sentiment and media of every message.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help; colloquy <command> --help tells more')
    .option('--debug', 'print stacks of errors')
    .exitOverride()
    .configureOutput({ writeOut: (text) => void context.stdout.write(text), writeErr: (text) => void context.stderr.write(text) })
    .showHelpAfterError('Try: colloquy --help')
    .addHelpText('after', examples);
  const program: Program = { command, exitCode: exitCodes.ok };
  addInit(program, context);
  addEnrich(program, context);
  addRun(program, context);
  addPipeline(program, context);
  addDoctor(program, context);
  return program;
}

/** Runs the command line and returns its exit code. Never rejects. */
export async function runProgram(program: Program, context: CliContext, args: readonly string[]): Promise<number> {
  try {
    await program.command.parseAsync([...args], { from: 'user' });
    return program.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    return reportError(context, error, args.includes('--debug'));
  }
}

const examples = `
Examples:
  $ colloquy doctor                          what is installed, reachable, missing
  $ colloquy init                            write colloquy.yaml and example messages
  $ echo "cuánto cuesta?" | colloquy enrich  understand one message
  $ colloquy enrich messages.ndjson > enriched.ndjson
  $ colloquy run                             start the runner and its local page

Exit codes: 0 all well · 1 some input failed · 2 wrong usage · 78 configuration refused`;
