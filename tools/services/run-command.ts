import { spawn } from 'node:child_process';

/** Runs a program to its end and gives back what it wrote. Rejects with its last lines where it fails or is absent. */
export function runCommand(command: string, args: readonly string[], options: { readonly cwd?: string } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const take = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'ENOENT' ? new Error(`no ${command} on the PATH`) : error));
    child.once('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`${command} ended with ${code}: ${lastLines(output)}`))));
  });
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-5).join(' | ').slice(-600);
}
