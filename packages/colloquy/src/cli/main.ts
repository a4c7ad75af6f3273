#!/usr/bin/env node
import { createProgram, runProgram } from './program.js';

const stop = new AbortController();
let asked = 0;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    asked += 1;
    // The second time is meant: end now.
    if (asked > 1) process.exit(130);
    stop.abort();
  });
}
// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const { stdin, stdout, stderr, env } = process;
const context = { stdin, stdout, stderr, env, cwd: process.cwd(), stop: stop.signal };
process.exitCode = await runProgram(createProgram(context), context, process.argv.slice(2));
