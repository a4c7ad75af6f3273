import { resolve } from 'node:path';
import { systemClock, type ColloquyError, type Message } from '@colloquy/core';
import { Option } from 'commander';
import { coloursOf, exitCodes, write, type CliContext } from '../cli-context.js';
import { action, type Program } from '../action.js';
import { readInput, type InputFormat } from '../read-input.js';
import { showProgress } from '../show-progress.js';
import { viewDoc } from '../view-doc.js';
import { withPipeline } from '../with-pipeline.js';

interface Options {
  readonly config?: string;
  readonly input: InputFormat;
  readonly format?: 'ndjson' | 'view';
  readonly explain?: boolean;
  readonly media?: string;
}

export function addEnrich(program: Program, context: CliContext): void {
  program.command
    .command('enrich')
    .description('put messages of files or standard input through the pipeline; nothing is stored')
    .argument('[files...]', 'NDJSON or text files; none or -: standard input')
    .option('-c, --config <file>', 'configuration (default: COLLOQUY_CONFIG, else colloquy.yaml, else the built-in defaults)')
    .addOption(new Option('-i, --input <format>', 'how to read: ndjson is one message a line, text is one text a line').choices(['auto', 'ndjson', 'text']).default('auto'))
    .addOption(new Option('-f, --format <format>', 'how to write (default: view on a terminal, else ndjson)').choices(['ndjson', 'view']))
    .option('--explain', 'say why: features, thresholds, runners-up')
    .option('--media <folder>', 'keep attachments and thumbnails here (default: they are not kept)')
    .addHelpText('after', examples)
    .action(action(program, (files: string[], options: Options) => enrich(context, files, options)));
}

const examples = `
A broken line is reported with its number and the rest goes on; the exit code is 1 then.

Examples:
  $ echo "llámame al 55 5555 0101 mañana a las 10" | colloquy enrich
  $ colloquy enrich messages.ndjson > enriched.ndjson
  $ colloquy enrich messages.ndjson --format view --explain | less -R
  $ grep '"es-001' messages.ndjson | colloquy enrich - --format ndjson | jq .ann.intent.name`;

function enrich(context: CliContext, files: readonly string[], options: Options): Promise<number> {
  const format = options.format ?? (context.stdout.isTTY === true ? 'view' : 'ndjson');
  const colours = coloursOf(context, context.stdout);
  const warn = coloursOf(context, context.stderr);
  return withPipeline(
    context,
    options.config,
    async ({ pipeline, media }) => {
      let problems = 0;
      let done = 0;
      let share: number | undefined;
      // A view scrolls over a bar on the same terminal.
      const isBarInTheWay = format === 'view' && context.stdout.isTTY === true;
      const progress = showProgress({ stream: context.stderr, isWanted: !isBarInTheWay, now: () => systemClock.now() });
      const onProblem = ({ where, error }: { readonly where: string; readonly error: ColloquyError }) => {
        problems += 1;
        context.stderr.write(`${warn.red(`${where} ${error.code}`)} ${error.message}\n`);
      };
      async function* messages(): AsyncGenerator<Message> {
        for (const [index, file] of (files.length === 0 ? ['-'] : files).entries()) {
          for await (const input of readInput(context, { file, format: options.input, media, isCounted: context.stderr.isTTY === true, onProblem })) {
            share = input.share === undefined ? undefined : (index + input.share) / Math.max(1, files.length);
            yield input.message;
          }
        }
      }
      try {
        // Typed by hand, each line is answered at once.
        const pace = files.length === 0 && context.stdin.isTTY === true ? { concurrency: 1, batchSize: 1 } : {};
        for await (const doc of pipeline.enrichMany(messages(), { ...pace, explain: options.explain === true, signal: context.stop })) {
          await write(context.stdout, format === 'view' ? `${viewDoc(doc, colours)}\n` : `${JSON.stringify(doc)}\n`);
          progress.update(++done, share);
        }
      } catch (error) {
        if (!context.stop.aborted) throw error;
        return exitCodes.stopped;
      } finally {
        progress.stop();
      }
      if (problems > 0) context.stderr.write(`${done} messages enriched, ${problems} ${problems === 1 ? 'problem' : 'problems'}\n`);
      return problems === 0 ? exitCodes.ok : exitCodes.failed;
    },
    { mediaDir: options.media === undefined ? undefined : resolve(context.cwd, options.media) },
  );
}
