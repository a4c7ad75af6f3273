import type { Annotations, Slot } from './annotations.js';
import type { Doc } from './doc.js';
import { classified, colloquyError, isColloquyError, type ColloquyError } from './errors/colloquy-error.js';
import type { ErrorKind } from './errors/error-table.js';
import type { Logger } from './ports/logger.js';
import type { Telemetry } from './ports/telemetry.js';
import type { Patch, RunOptions, Stage, StageContext } from './stage.js';

/** A failure with its error, for those who decide what to do with the message. The Doc itself keeps only stage, code and kind. */
export interface StageFailure {
  readonly stage: string;
  readonly kind: ErrorKind;
  readonly error: ColloquyError;
}

/** One message's run through the stages. */
export interface Run {
  doc: Doc<Slot>;
  readonly failures: StageFailure[];
  /** Slots that are absent because their stage failed. */
  readonly lost: Set<Slot>;
  readonly views: Map<object, unknown>;
  readonly settings: RunSettings;
  /** What this message's own stages took so far, in milliseconds; waiting for other messages of a batch does not count. */
  spentMs: number;
  /** When the stage that runs now began, epoch milliseconds. */
  stageSince: number | undefined;
}

export interface RunSettings {
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly log: Logger;
  readonly telemetry: Telemetry;
  readonly explain: boolean;
  /** Time for all stages of one message together. */
  readonly budgetMs?: number;
}

export function startRun(doc: Doc, settings: RunSettings): Run {
  return { doc: doc as Doc<Slot>, failures: [], lost: new Set(), views: new Map(), settings, spentMs: 0, stageSince: undefined };
}

/** Runs one stage and puts its answer into the run's Doc. Rejects only when the run's signal is aborted. */
export async function runStage(run: Run, stage: Stage): Promise<void> {
  const since = run.settings.now();
  run.stageSince = since;
  try {
    applyPatch(run, await answerOf(run, stage, run.doc, {}));
  } finally {
    run.spentMs += run.settings.now() - since;
    run.stageSince = undefined;
  }
}

/**
 * Runs one stage on many messages at once. Where the batch as a whole fails, or is not done within the largest budget left of its
 * messages, each message is run alone to find the guilty one.
 */
export async function runStageBatch(runs: readonly Run[], stage: Stage): Promise<void> {
  const first = runs[0];
  if (first === undefined) return;
  if (stage.processBatch === undefined || runs.length === 1) {
    for (const run of runs) await runStage(run, stage);
    return;
  }
  const ready = runs.filter((run) => needsMet(run, stage, {}));
  if (ready.length === 0) return;
  const startedAt = performance.now();
  const patches = await answersOf(ready, stage);
  const msEach = (performance.now() - startedAt) / ready.length;
  first.settings.signal.throwIfAborted();
  for (const [index, run] of ready.entries()) {
    run.spentMs += msEach;
    if (patches === undefined) {
      await runStage(run, stage);
      continue;
    }
    const patch = patches[index] as Patch;
    const problem = patchProblem(stage, patch);
    if (problem === undefined) applyPatch(run, patch);
    else failStage(run, stage, patchError(stage, problem), {});
    measure(run, stage, msEach, problem === undefined);
  }
}

/** One patch a run, not yet checked; `undefined` where the batch failed as a whole. */
async function answersOf(runs: readonly Run[], stage: Stage): Promise<readonly Patch[] | undefined> {
  const limitMs = Math.max(...runs.map(remainingMs));
  const signal = (runs[0] as Run).settings.signal;
  let scopes: readonly Scope[] = [];
  try {
    const patches = await withinLimit(limitMs, signal, stage, (limited) => {
      scopes = runs.map((run) => openScope(run, stage.id, limited, {}));
      return stage.processBatch?.(runs.map((run) => run.doc), scopes.map((scope) => scope.ctx));
    });
    if (patches?.length !== runs.length) throw patchError(stage, `${patches?.length ?? 'no'} answers for ${runs.length} messages`);
    for (const scope of scopes) scope.close();
    return patches;
  } catch {
    for (const scope of scopes) scope.drop();
    return undefined;
  }
}

/** A stage's checked patch; empty where its needs are unmet or it failed (noted in the run). */
async function answerOf(run: Run, stage: Stage, doc: Doc<Slot>, options: RunOptions): Promise<Patch> {
  run.settings.signal.throwIfAborted();
  if (!needsMet(run, stage, options)) return {};
  const startedAt = performance.now();
  const limitMs = Math.min(options.deadlineMs ?? Infinity, remainingMs(run));
  let scope: Scope | undefined;
  let ok = false;
  try {
    const patch = await withinLimit(limitMs, run.settings.signal, stage, (signal) => {
      scope = openScope(run, stage.id, signal, options);
      return stage.process(doc, scope.ctx);
    });
    const problem = patchProblem(stage, patch);
    if (problem !== undefined) throw patchError(stage, problem);
    ok = true;
    scope?.close();
    return patch;
  } catch (error) {
    run.settings.signal.throwIfAborted();
    if (isColloquyError(error) && error.code === 'STAGE_DEADLINE') scope?.drop();
    else scope?.close();
    failStage(run, stage, error, options);
    return {};
  } finally {
    measure(run, stage, performance.now() - startedAt, ok);
  }
}

/** What is left of the message's budget, in milliseconds; Infinity without one. */
function remainingMs({ settings, spentMs, stageSince }: Run): number {
  if (settings.budgetMs === undefined) return Infinity;
  return settings.budgetMs - spentMs - (stageSince === undefined ? 0 : settings.now() - stageSince);
}

/**
 * The answer of the work, or STAGE_DEADLINE when the limit passes first. Cooperative: the work's signal is aborted then and its
 * late answer dropped; only work in a worker can be killed.
 */
async function withinLimit<T>(limitMs: number, parent: AbortSignal, stage: Stage, work: (signal: AbortSignal) => T | Promise<T>): Promise<T> {
  if (limitMs === Infinity) return work(parent);
  const expired = () => colloquyError('STAGE_DEADLINE', { stage: stage.id, limitMs: Math.max(0, Math.round(limitMs)) });
  if (limitMs <= 0) throw expired();
  const stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = expired();
      reject(error);
      stop.abort(error);
    }, limitMs);
  });
  const answer = Promise.resolve().then(() => work(AbortSignal.any([parent, stop.signal])));
  answer.catch(() => undefined); // a late failure is dropped
  try {
    return await Promise.race([answer, limit]);
  } finally {
    clearTimeout(timer);
  }
}

interface Scope {
  readonly ctx: StageContext;
  /** Hands the noted failures to the run. */
  close(): void;
  /** Forgets them, and all that come later. */
  drop(): void;
}

function openScope(run: Run, stageId: string, signal: AbortSignal, options: RunOptions): Scope {
  let noted: ColloquyError[] | undefined = [];
  const { now, log, explain } = run.settings;
  const ctx: StageContext = {
    signal,
    now,
    log,
    explain,
    view: (key, make) => {
      if (!run.views.has(key)) run.views.set(key, make());
      return run.views.get(key) as ReturnType<typeof make>;
    },
    fault: (error) => noted?.push(error),
    run: async (stage, doc, inner = {}) =>
      (await answerOf(run, stage, doc as Doc<Slot>, { ...inner, tolerant: inner.tolerant ?? options.tolerant ?? false })) as never,
  };
  return {
    ctx,
    close: () => {
      for (const error of noted ?? []) noteFailure(run, stageId, error, 'fault');
      noted = undefined;
    },
    drop: () => {
      noted = undefined;
    },
  };
}

function needsMet(run: Run, stage: Stage, options: RunOptions): boolean {
  const absent = stage.requires.filter((slot) => run.doc.ann[slot] === undefined);
  if (absent.length === 0) return true;
  const lost = absent.find((slot) => run.lost.has(slot));
  if (lost !== undefined) failStage(run, stage, colloquyError('STAGE_NEED_ABSENT', { stage: stage.id, slot: lost }), options);
  return false;
}

function applyPatch(run: Run, patch: Patch): void {
  if (Object.keys(patch).length > 0) run.doc = { ...run.doc, ann: { ...run.doc.ann, ...patch } as Annotations };
}

function failStage(run: Run, stage: Stage, thrown: unknown, options: RunOptions): void {
  const error = classified(thrown, 'STAGE_FAILED', { stage: stage.id });
  noteFailure(run, stage.id, error, options.tolerant ? 'fault' : error.kind);
  for (const slot of stage.provides) run.lost.add(slot);
}

function noteFailure(run: Run, stage: string, error: ColloquyError, kind: ErrorKind): void {
  run.failures.push({ stage, kind, error });
  run.doc = { ...run.doc, faults: [...run.doc.faults, { stage, code: error.code, kind }] };
  run.settings.telemetry.count('colloquy_stage_faults_total', { stage, code: error.code });
}

function measure(run: Run, stage: Stage, ms: number, ok: boolean): void {
  run.settings.telemetry.timing('colloquy_stage_duration', ms, { stage: stage.id, outcome: ok ? 'ok' : 'failed' });
}

function patchProblem(stage: Stage, patch: Patch): string | undefined {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch === null ? 'null' : typeof patch;
  const foreign = Object.keys(patch).find((slot) => !(stage.provides as readonly string[]).includes(slot));
  return foreign === undefined ? undefined : `the slot ${foreign}`;
}

function patchError(stage: Stage, found: string): ColloquyError {
  return colloquyError('STAGE_PATCH_INVALID', { stage: stage.id, found, provides: stage.provides.join(', ') || 'none' });
}
