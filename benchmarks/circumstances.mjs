import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';

/** What a figure must name to mean anything. */
export function circumstances() {
  const processors = cpus();
  const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).trim();
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    cpu: processors[0]?.model ?? 'unknown',
    cpus: processors.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    commit: git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--', 'packages', 'models') === '' ? '' : ' with uncommitted changes'),
  };
}
