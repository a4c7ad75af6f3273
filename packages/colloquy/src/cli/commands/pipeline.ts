import { runConfigTests, type ConfigTestResult } from '@colloquy/runtime';
import { coloursOf, exitCodes, write, type CliContext, type Colours } from '../cli-context.js';
import { withPipeline } from '../with-pipeline.js';
import { action, type Program } from '../action.js';

interface Options {
  readonly config?: string;
}

export function addPipeline(program: Program, context: CliContext): void {
  const command = program.command.command('pipeline').description('check, show or test the pipeline of the configuration');
  const add = (name: string, description: string, run: (context: CliContext, options: Options) => Promise<number>, example: string) =>
    command
      .command(name)
      .description(description)
      .option('-c, --config <file>', 'configuration (default: COLLOQUY_CONFIG, else colloquy.yaml, else the built-in defaults)')
      .addHelpText('after', `\nExample:\n  $ ${example}`)
      .action(action(program, (options: Options) => run(context, options)));
  add('lint', 'check the configuration: all problems at once, exit code 78 where there are some', lint, 'colloquy pipeline lint --config colloquy.yaml');
  add('describe', 'print the stages, one a line: id [needs] -> [adds]', describe, 'colloquy pipeline describe');
  add('test', 'run the tests: of the configuration; exit code 1 where one fails', test, 'colloquy pipeline test');
}

function lint(context: CliContext, options: Options): Promise<number> {
  return withPipeline(context, options.config, async ({ pipeline, found }) => {
    const { tests } = found.loaded.config;
    await write(context.stdout, `${coloursOf(context, context.stdout).green('ok')} ${found.loaded.file}: ${pipeline.ids().length} stages and models, ${tests.length} tests\n`);
    return exitCodes.ok;
  });
}

function describe(context: CliContext, options: Options): Promise<number> {
  return withPipeline(context, options.config, async ({ pipeline }) => {
    const models = pipeline.ids().filter((id) => id.includes('/'));
    await write(context.stdout, `${pipeline.describe()}\n${models.map((model) => `model ${model}\n`).join('')}`);
    return exitCodes.ok;
  });
}

function test(context: CliContext, options: Options): Promise<number> {
  return withPipeline(context, options.config, async ({ pipeline, found }) => {
    const colours = coloursOf(context, context.stdout);
    const results = await runConfigTests(found.loaded.config.tests, pipeline);
    for (const result of results) await write(context.stdout, lineOf(result, colours));
    const failed = results.filter(({ ok }) => !ok).length;
    await write(context.stdout, results.length === 0 ? 'no tests: in the configuration; see docs/reference/config.md\n' : `${results.length - failed} passed, ${failed} failed\n`);
    return failed === 0 ? exitCodes.ok : exitCodes.failed;
  });
}

function lineOf({ name, ok, differences }: ConfigTestResult, colours: Colours): string {
  if (ok) return `${colours.green('✓')} ${name}\n`;
  const details = differences.map(({ path, expected, found }) => `    ${path}\n      ${colours.green(`expected ${expected}`)}\n      ${colours.red(`found    ${found}`)}\n`);
  return `${colours.red('✗')} ${name}\n${details.join('')}`;
}
