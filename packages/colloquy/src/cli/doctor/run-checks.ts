import { execFile } from 'node:child_process';
import { access, constants, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { classified, isColloquyError, silentLogger, systemClock, type ColloquyError } from '@colloquy/core';
import { openBackends, problemsOf, type Config } from '@colloquy/runtime';
import type { CliContext } from '../cli-context.js';
import { readConfig, type FoundConfig } from '../read-config.js';
import { version } from '../version.js';
import { withPipeline } from '../with-pipeline.js';
import { installedVersion, peers } from './peers.js';

export interface CheckResult {
  /** `note`: worth knowing, nothing to do. */
  readonly state: 'ok' | 'note' | 'fail';
  readonly name: string;
  readonly detail: string;
  /** What to do. */
  readonly advice?: string;
}

/** Looks at everything the configuration needs, one result after the other. Changes nothing. */
export async function* runChecks(context: CliContext, config: string | undefined): AsyncGenerator<CheckResult> {
  yield checkNode(process.versions.node);
  yield { state: 'ok', name: 'colloquy', detail: version };
  const found = await readConfig(context, config).catch((error: unknown) => error);
  if (isColloquyError(found)) {
    yield* problemsOf(found).map(failure('configuration'));
    yield* checkPeers(context.cwd, []);
    return;
  }
  if (!isFound(found)) throw found;
  if (found.loaded.problems.length === 0) yield { state: 'ok', name: 'configuration', detail: found.path ?? 'none: the built-in defaults' };
  const problems = await pipelineProblems(context, config);
  yield* checkPeers(context.cwd, problems);
  if (problems.length === 0) yield { state: 'ok', name: 'pipeline', detail: 'all stages and models open' };
  yield* problems.map(failure('pipeline'));
  yield* await Promise.all([checkTool('ffmpeg', found.loaded.config.ffmpeg.ffmpegPath), checkTool('ffprobe', found.loaded.config.ffmpeg.ffprobePath)]);
  yield await checkDataFolder(resolve(found.baseDir, found.loaded.config.dataDir));
  yield* await checkServices(found);
}

const lowest = [20, 19] as const;
const servicesTimeoutMs = 8_000;

/** Node 20.19 is the floor. */
export function checkNode(node: string): CheckResult {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  if (major > lowest[0] || (major === lowest[0] && minor >= lowest[1])) return { state: 'ok', name: 'Node', detail: node };
  return { state: 'fail', name: 'Node', detail: `${node}, but ${lowest.join('.')} or newer is needed`, advice: 'install a newer Node from nodejs.org' };
}

function* checkPeers(cwd: string, problems: readonly ColloquyError[]): Generator<CheckResult> {
  const needed = new Set(problems.map(({ details }) => details['peer']));
  for (const { name, use } of peers) {
    const installed = installedVersion(name, cwd);
    if (installed !== undefined) yield { state: 'ok', name, detail: `${installed}, for ${use}` };
    // A missing package that is needed is told with the stage that needs it.
    else if (!needed.has(name)) yield { state: 'note', name, detail: `not installed; only for ${use}` };
  }
}

async function pipelineProblems(context: CliContext, config: string | undefined): Promise<readonly ColloquyError[]> {
  return withPipeline(context, config, async () => []).catch((error: unknown) => problemsOf(classified(error, 'INTERNAL', { where: 'opening the pipeline' })));
}

async function checkTool(name: string, path: string): Promise<CheckResult> {
  try {
    const { stdout } = await promisify(execFile)(path, ['-version'], { timeout: 5_000 });
    return { state: 'ok', name, detail: /version (\S+)/.exec(stdout)?.[1] ?? 'installed' };
  } catch {
    return { state: 'note', name, detail: 'not found: sound and film are stored without duration and thumbnail', advice: `install ffmpeg, or set ffmpeg.${name}Path` };
  }
}

/** The folder need not be there yet: then it must be possible to make it. */
async function checkDataFolder(dir: string): Promise<CheckResult> {
  for (let at = dir; ; at = dirname(at)) {
    try {
      await access(at, constants.W_OK | constants.X_OK);
      return { state: 'ok', name: 'data folder', detail: at === dir ? dir : `${dir} (not there yet)` };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' && at !== dirname(at)) continue;
      return { state: 'fail', name: 'data folder', detail: `${dir} cannot be written`, advice: 'give this user the right to write there, or set dataDir to another folder' };
    }
  }
}

/** Asks broker and database; the embedded parts are tried in a folder of their own, so that a running runner is not disturbed. */
async function checkServices({ loaded, baseDir }: FoundConfig): Promise<readonly CheckResult[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'colloquy-'));
  try {
    const backends = await openBackends({ ...loaded.config, dataDir }, { baseDir, clock: systemClock, log: silentLogger });
    try {
      const checks = Object.entries(backends.checks).map(async ([name, check]) => checkService(name, nameOf(name, loaded.config), check));
      return await Promise.all(checks);
    } finally {
      await backends.close();
    }
  } catch (error) {
    if (!(error instanceof AggregateError)) throw error;
    return error.errors.filter(isColloquyError).map(failure('adapters'));
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function checkService(name: string, service: string, check: () => Promise<void>): Promise<CheckResult> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), servicesTimeoutMs)));
  try {
    if ((await Promise.race([check(), limit])) !== 'late') return { state: 'ok', name, detail: `${service} answers` };
    return { state: 'fail', name, detail: `${service} did not answer within ${servicesTimeoutMs} ms`, advice: 'start it, or correct its address' };
  } catch (error) {
    return failure(name)(classified(error, 'INTERNAL', { where: `checking ${name}` }));
  } finally {
    clearTimeout(timer);
  }
}

function nameOf(check: string, config: Config): string {
  const part = config[check as 'source' | 'store' | 'media' | 'enriched'];
  if ('topic' in part) return `Kafka at ${part.brokers.join(', ')}`;
  return part.kind === 'mongodb' ? 'MongoDB' : part.kind;
}

function failure(name: string): (error: ColloquyError) => CheckResult {
  return ({ code, message }) => {
    // Texts of the error table end with what to do.
    const cut = message.lastIndexOf('. ') + 1;
    const [detail, advice] = cut === 0 ? [message, undefined] : [message.slice(0, cut), message.slice(cut + 1)];
    return { state: 'fail', name, detail: `${code} ${detail}`, ...(advice === undefined ? {} : { advice }) };
  };
}

function isFound(value: unknown): value is FoundConfig {
  return typeof value === 'object' && value !== null && 'loaded' in value;
}
