import { parseArgs } from 'node:util';
import type { Environment } from '@colloquy/runtime';

/** What the process was started with. The only place that reads it. */
export interface RunnerEnvironment {
  /** Path of the configuration: --config, else COLLOQUY_CONFIG, else colloquy.yaml. */
  readonly configPath: string;
  /** False: it was not named, and need not be there. */
  readonly isNamed: boolean;
  /** Print errors whole, their texts included, which may quote messages: --debug. */
  readonly isDebug: boolean;
  /** Values for `${NAME}` in the configuration. */
  readonly variables: Environment;
}

/** Throws a TypeError for arguments it does not know. */
export function readEnvironment(args: readonly string[] = process.argv.slice(2), variables: Environment = process.env): RunnerEnvironment {
  const { values } = parseArgs({ args: [...args], options: { config: { type: 'string', short: 'c' }, debug: { type: 'boolean', default: false } }, strict: true });
  const named = values.config ?? variables['COLLOQUY_CONFIG'];
  return { configPath: named ?? 'colloquy.yaml', isNamed: named !== undefined, isDebug: values.debug, variables };
}
