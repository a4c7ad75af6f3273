// npm start: installs what is missing, builds, and puts the fixture conversations through the embedded runner.
// What follows `--` goes to the command: npm start -- --once
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { bin, installMissing, quietly, requireNode, root } from './setup.mjs';

requireNode();
installMissing();
console.log('Building …');
quietly(bin('nx'), ['run-many', '-t', 'bundle', '--outputStyle=static'], { env: { NX_TUI: 'false' } });

const command = join(root, 'packages/colloquy/dist/cli/main.js');
const messages = join(root, 'fixtures/conversations/messages.ndjson');
const child = spawn(process.execPath, [command, 'run', '--demo', messages, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
