import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { answering, freePorts } from './address.js';
import { cachedFolder } from './cache-folder.js';
import { runCommand } from './run-command.js';
import type { Service } from './service.js';
import { startProcess } from './service-process.js';

const secantusVersion = '0.7.0b3';

/**
 * One server that speaks MongoDB's protocol: SecantusDB (GPL-2.0, a test tool, no dependency of the product). Needs Python 3;
 * the first time also pip's index. Every acknowledged write is synced to disk, unless `syncs` is false.
 */
export async function startMongodb(options: { readonly syncs?: boolean } = {}): Promise<Service> {
  const program = await secantus();
  const [port = 0] = await freePorts(1);
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-mongodb-'));
  mkdirSync(join(folder, 'data'));
  const address = `mongodb://127.0.0.1:${port}/?directConnection=true`;
  const flags = ['--host', '127.0.0.1', '--port', String(port), '--storage-path', join(folder, 'data'), '--log-level', 'WARNING'];
  const start = async () => {
    const started = await startProcess(program, [...flags, ...(options.syncs === false ? [] : ['--sync-on-commit'])], join(folder, 'mongodb.log'));
    await answering(() => requireProcess(address, started.pid), { timeoutMs: 60_000, isGone: started.gone });
    return started;
  };
  let running = await start();
  return {
    address,
    get pid() {
      return running.pid;
    },
    pause: ({ hard = false } = {}) => (hard ? running.kill() : running.stop()),
    restart: async () => {
      running = await start();
    },
    stop: async () => {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const binFolder = process.platform === 'win32' ? 'Scripts' : 'bin';

async function secantus(): Promise<string> {
  const folder = await cachedFolder(`secantus-${secantusVersion}`, async (target) => {
    await runCommand(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', target]);
    await runCommand(join(target, binFolder, 'python'), ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', '--pre', `SecantusDB==${secantusVersion}`]);
  });
  return join(folder, binFolder, 'secantusd-py');
}

/** That something answers is not enough: it must be the process started here. */
async function requireProcess(address: string, pid: number): Promise<void> {
  const client = new MongoClient(address, { serverSelectionTimeoutMS: 1000 });
  try {
    const { pid: found } = await client.db('admin').command({ serverStatus: 1 });
    if (Number(found) !== pid) throw new Error(`another server, process ${String(found)}, answers at ${address}`);
  } finally {
    await client.close();
  }
}
