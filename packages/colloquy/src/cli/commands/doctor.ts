import { coloursOf, exitCodes, write, type CliContext } from '../cli-context.js';
import { runChecks, type CheckResult } from '../doctor/run-checks.js';
import { action, type Program } from '../action.js';

export function addDoctor(program: Program, context: CliContext): void {
  program.command
    .command('doctor')
    .description('tell what is installed, reachable and misconfigured, and what to do; exit code 1 where something is needed')
    .option('-c, --config <file>', 'configuration (default: COLLOQUY_CONFIG, else colloquy.yaml, else the built-in defaults)')
    .addHelpText('after', '\nExamples:\n  $ colloquy doctor\n  $ MONGODB_URI=mongodb://db:27017/ colloquy doctor --config production.yaml')
    .action(action(program, (options: { readonly config?: string }) => doctor(context, options.config)));
}

async function doctor(context: CliContext, config: string | undefined): Promise<number> {
  const colours = coloursOf(context, context.stdout);
  const marks = { ok: colours.green('ok  '), note: colours.dim('note'), fail: colours.red('FAIL') };
  const results: CheckResult[] = [];
  for await (const result of runChecks(context, config)) {
    results.push(result);
    const advice = result.advice === undefined ? '' : `\n       ${colours.cyan(`→ ${result.advice}`)}`;
    await write(context.stdout, `${marks[result.state]} ${result.name.padEnd(20)} ${result.detail}${advice}\n`);
  }
  const failed = results.filter(({ state }) => state === 'fail').length;
  await write(context.stdout, failed === 0 ? '\nAll that is needed is there.\n' : `\n${failed} ${failed === 1 ? 'thing needs' : 'things need'} attention.\n`);
  return failed === 0 ? exitCodes.ok : exitCodes.failed;
}
