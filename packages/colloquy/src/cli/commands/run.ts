import { createRuntime, runUntilStopped, type LoadedConfig } from '@colloquy/runtime';
import { coloursOf, exitCodes, type CliContext } from '../cli-context.js';
import { runDemo } from '../demo/run-demo.js';
import { parseNumber } from '../parse-number.js';
import { action, type Program } from '../action.js';
import { readConfig } from '../read-config.js';
import { version } from '../version.js';

interface Options {
  readonly config?: string;
  readonly port?: number;
  readonly data?: string;
  readonly demo?: string;
  readonly once?: boolean;
  readonly rate: number;
}

export function addRun(program: Program, context: CliContext): void {
  program.command
    .command('run')
    .description('start the runner: source, pipeline, store, HTTP and the local page; without configuration all in one folder')
    .option('-c, --config <file>', 'configuration (default: COLLOQUY_CONFIG, else colloquy.yaml, else the built-in defaults)')
    .option('-p, --port <number>', 'port of HTTP instead of http.port; 0 takes a free one', parseNumber(0))
    .option('-d, --data <folder>', 'data folder instead of dataDir')
    .option('--demo <file>', 'put the messages of an NDJSON file through the runner and print what it understands')
    .option('--once', 'with --demo: end when all is stored')
    .option('--rate <number>', 'with --demo: messages a second, 0 for as fast as it goes', parseNumber(0), 40)
    .addHelpText('after', examples)
    .action(action(program, (options: Options) => run(context, options)));
}

const examples = `
Examples:
  $ colloquy run                                   everything in .colloquy, page at http://127.0.0.1:8080
  $ colloquy run --config production.yaml          Kafka and MongoDB, as configured
  $ colloquy run --demo messages.ndjson --once     understand a file and end
  $ curl -X POST http://127.0.0.1:8080/messages -H 'content-type: application/json' \\
         -d '{"id":"1","conversationId":"ana","text":"hola, cuánto cuesta?"}'

SIGTERM and Ctrl-C finish what is in flight (delivery.drainMs), commit and end with exit code 0.`;

async function run(context: CliContext, options: Options): Promise<number> {
  const found = await readConfig(context, options.config);
  const loaded = withOverrides(found.loaded, options);
  const baseDir = found.baseDir;
  if (options.demo !== undefined) {
    await runDemo(context, { loaded, baseDir, file: options.demo, isOnce: options.once === true, rate: options.rate });
    return exitCodes.ok;
  }
  const runtime = await createRuntime(loaded, { baseDir, codeVersion: version });
  const colours = coloursOf(context, context.stderr);
  await runUntilStopped(runtime, {
    stop: context.stop,
    onStarted: () => context.stderr.write(`${colours.green('running')} ${runtime.url() ?? 'without HTTP'}  (Ctrl-C ends)\n`),
  });
  return exitCodes.ok;
}

function withOverrides(loaded: LoadedConfig, { port, data }: Options): LoadedConfig {
  const { config } = loaded;
  return { ...loaded, config: { ...config, dataDir: data ?? config.dataDir, http: { ...config.http, port: port ?? config.http.port } } };
}
