import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { colloquyError } from '@colloquy/core';
import { loadConfig, type LoadedConfig } from '@colloquy/runtime';
import type { CliContext } from './cli-context.js';

export interface FoundConfig {
  readonly loaded: LoadedConfig;
  /** Folder its paths are relative to. */
  readonly baseDir: string;
  /** Absent: no file, all defaults. */
  readonly path?: string;
}

/**
 * The configuration of `--config`, else of COLLOQUY_CONFIG, else of colloquy.yaml in the working folder, else the defaults.
 * Throws CONFIG_NOT_FOUND for a file that was named and is not there, and what loadConfig throws.
 */
export async function readConfig(context: CliContext, named: string | undefined): Promise<FoundConfig> {
  const wanted = named ?? context.env['COLLOQUY_CONFIG'];
  const path = resolve(context.cwd, wanted ?? 'colloquy.yaml');
  if (wanted === undefined && !existsSync(path)) return { loaded: loadConfig('', { file: 'the defaults' }), baseDir: context.cwd };
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw colloquyError('CONFIG_NOT_FOUND', { file: wanted ?? path }, error);
  });
  return { loaded: loadConfig(text, { env: context.env, file: basename(path) }), baseDir: dirname(path), path };
}
