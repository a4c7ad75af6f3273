// Runs the program given as arguments and ends it when standard input closes: a service does not outlive the test run that
// started it, not even one that was killed. Writes the id of the program to standard output.
import { spawn } from 'node:child_process';

const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', 2, 2] });
const graceMs = 10_000;

child.once('spawn', () => process.stdout.write(`${child.pid}\n`));
child.once('error', () => process.exit(127));
child.once('exit', (code) => process.exit(code ?? 0));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
process.stdin.on('end', end).on('error', end).resume();

function end() {
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), graceMs).unref();
}
