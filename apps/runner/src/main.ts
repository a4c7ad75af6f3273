#!/usr/bin/env node
// Exit codes: 0 drained after SIGTERM or SIGINT, or a finite source at its end · 1 could not go on, or did not drain in time ·
// 2 unknown arguments · 78 the configuration was refused, all problems told.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, resolve } from 'node:path';
import { colloquyError } from '@colloquy/core';
import { createRuntime, loadConfig, runUntilStopped, type LoadedConfig } from '@colloquy/runtime';
import { readEnvironment, type RunnerEnvironment } from './env.js';
import { reportError } from './report-error.js';

/** Closing connections after the drain. */
const closeMs = 5_000;

async function main(environment: RunnerEnvironment): Promise<void> {
  const stop = new AbortController();
  const loaded = await readConfig(environment);
  const { version } = createRequire(import.meta.url)('@colloquy/runner/package.json') as { readonly version: string };
  const runtime = await createRuntime(loaded, { baseDir: dirname(resolve(environment.configPath)), codeVersion: version });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) return;
      stop.abort();
      setTimeout(() => process.exit(1), loaded.config.delivery.drainMs + closeMs).unref();
    });
  }
  await runUntilStopped(runtime, { stop: stop.signal });
}

async function readConfig({ configPath, isNamed, variables }: RunnerEnvironment): Promise<LoadedConfig> {
  const text = await readFile(configPath, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (!isNamed && error.code === 'ENOENT') return '';
    throw colloquyError('CONFIG_NOT_FOUND', { file: configPath }, error);
  });
  return loadConfig(text, { env: variables, file: basename(configPath) });
}

let environment: RunnerEnvironment;
try {
  environment = readEnvironment();
} catch (error) {
  console.error(`${(error as Error).message}\nUsage: colloquy-runner [--config FILE] [--debug]`);
  process.exit(2);
}
try {
  await main(environment);
} catch (error) {
  process.exitCode = reportError(error, environment);
}
