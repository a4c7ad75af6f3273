import { isColloquyError, type Clock, type Logger, type Telemetry } from '@colloquy/core';
import type { DependencyName, DependencyStatus } from './delivery-parts.js';
import { isConfigError } from './is-config-error.js';
import { retryPolicy } from './retry-policy.js';

type Retries = 'transient' | 'unless-input' | 'all';

interface CallOptions {
  /** Gives up when aborted: the call then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Which failures are retried, besides those of kind `config`, which never are. Default: those of kind `transient`. `unless-input`: all but those of kind `input`. */
  readonly retries?: Retries;
}

/**
 * Calls to what the engine depends on. A failing one is down: it is tried again with backoff until it answers, or the signal is
 * aborted. One that fails with kind `config` stays down, and the call rejects: only a person can mend it.
 */
export interface Dependencies {
  call<T>(name: DependencyName, work: () => Promise<T>, options: CallOptions): Promise<T>;
  /** For calls that are repeated elsewhere. */
  report(name: DependencyName, error: unknown): void;
  reportUp(name: DependencyName): void;
  /** True while a call waits for something other than the source to come back. */
  isAnyAwaited(): boolean;
  status(): Readonly<Record<DependencyName, DependencyStatus>>;
}

export interface DependenciesParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly telemetry: Telemetry;
  random?(): number;
  /** Called when a dependency went down or came back. */
  onChange(): void;
}

export function dependencies(parts: DependenciesParts): Dependencies {
  const { clock, log, telemetry } = parts;
  const policy = retryPolicy({ initialMs: firstWaitMs, maxMs: longestWaitMs, maxAttempts: Infinity, budgetMs: Infinity }, parts.random);
  const since = (): string => new Date(clock.now()).toISOString();
  const states = Object.fromEntries(names.map((name) => [name, { isUp: true, since: since() }])) as Record<DependencyName, DependencyStatus>;
  for (const name of names) telemetry.gauge('colloquy_dependency_up', 1, { dependency: name });
  let awaiting = 0;

  const report = (name: DependencyName, error: unknown) => {
    const code = isColloquyError(error) ? error.code : error instanceof Error ? error.name : 'unknown';
    const before = states[name];
    states[name] = { isUp: false, since: before.isUp ? since() : before.since, code };
    if (!before.isUp) return;
    log.warn('dependency.down', { dependency: name, code });
    telemetry.gauge('colloquy_dependency_up', 0, { dependency: name });
    parts.onChange();
  };
  const reportUp = (name: DependencyName) => {
    if (states[name].isUp) return;
    states[name] = { isUp: true, since: since() };
    log.info('dependency.up', { dependency: name });
    telemetry.gauge('colloquy_dependency_up', 1, { dependency: name });
    parts.onChange();
  };

  return {
    call: async (name, work, { signal, retries = 'transient' }) => {
      let attempts = 0;
      let isBroken = false;
      try {
        for (;;) {
          signal.throwIfAborted();
          try {
            return await work();
          } catch (error) {
            isBroken = isConfigError(error);
            if (isBroken) report(name, error);
            if (!isRetried(error, retries)) throw error;
            if (attempts++ === 0) awaiting++;
            report(name, error);
          }
          await clock.sleep(policy.delayMs(attempts), signal);
        }
      } finally {
        if (attempts > 0) awaiting--;
        if (!signal.aborted && !isBroken) reportUp(name); // it answered, if only with a refusal
      }
    },
    report,
    reportUp,
    isAnyAwaited: () => awaiting > 0,
    status: () => ({ ...states }),
  };
}

const names: readonly DependencyName[] = ['source', 'store', 'parking', 'dead-letters', 'enriched'];
const firstWaitMs = 200;
const longestWaitMs = 5_000;

function isRetried(error: unknown, retries: Retries): boolean {
  const kind = isColloquyError(error) ? error.kind : undefined;
  if (kind === 'config') return false;
  if (retries === 'unless-input') return kind !== 'input';
  return retries === 'all' || kind === 'transient';
}
