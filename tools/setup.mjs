// What the two commands share: install when something is missing, and run a child command to its end.
// Node's own modules only: this runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const lowest = [20, 19];

/** Ends the process with advice where Node is too old. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > lowest[0] || (major === lowest[0] && minor >= lowest[1])) return;
  console.error(`Found Node ${process.versions.node}; Colloquy needs ${lowest.join('.')} or newer. Install it from nodejs.org and try again.`);
  process.exit(1);
}

/** npm ci, unless the installed tree already belongs to this lockfile. */
export function installMissing() {
  const stamp = join(root, 'node_modules', '.colloquy-install');
  const wanted = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).update(process.versions.modules).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('Installing dependencies …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** Runs a command with this terminal; ends the process where it fails, unless `may` fail. Returns the exit code. */
export function run(command, args, { env = {}, may = false } = {}) {
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env }, shell: process.platform === 'win32' });
  const code = status ?? (signal ? 130 : 1);
  if (error) console.error(`Could not run ${command}: ${error.message}`);
  if (code !== 0 && !may) process.exit(code);
  return code;
}

/** The same, its output shown only where it fails. */
export function quietly(command, args, { env = {} } = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8', env: { ...process.env, ...env }, shell: process.platform === 'win32', maxBuffer: 64 * 1024 * 1024 });
  if (status === 0) return;
  console.error(`${stdout ?? ''}${stderr ?? ''}`);
  process.exit(status ?? 1);
}

/** A command of node_modules/.bin. */
export function bin(name) {
  return join(root, 'node_modules', '.bin', name);
}
