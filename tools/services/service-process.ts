import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export interface ServiceProcess {
  readonly pid: number;
  /** Why it is no longer running; `undefined` while it runs. */
  gone(): string | undefined;
  /** Asks it to end and waits until it has; SIGKILL after ten seconds. */
  stop(): Promise<void>;
  /** SIGKILL, at once. */
  kill(): Promise<void>;
}

const keeper = fileURLToPath(new URL('keep-child.mjs', import.meta.url));

/** Starts a program that ends with this process at the latest; what it writes goes to `logFile`. */
export async function startProcess(command: string, args: readonly string[], logFile: string): Promise<ServiceProcess> {
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [keeper, command, ...args], { stdio: ['pipe', 'pipe', log], detached: true }) as ChildProcessByStdio<Writable, Readable, null>;
  closeSync(log);
  let ended: string | undefined;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = `${command} ended with ${signal ?? code}: ${tail(logFile)}`;
      resolve();
    });
  });
  const pid = await new Promise<number>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString().trim())));
    void exited.then(() => reject(new Error(ended)));
  });
  return {
    pid,
    gone: () => ended,
    stop: async () => {
      child.stdin.end();
      await exited;
    },
    kill: async () => {
      if (ended === undefined) process.kill(pid, 'SIGKILL');
      await exited;
    },
  };
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').trim().split('\n').slice(-3).join(' | ').slice(-400);
}
