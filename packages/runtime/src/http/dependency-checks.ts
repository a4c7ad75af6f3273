import type { Health } from '@colloquy/contracts';
import { classified, colloquyError } from '@colloquy/core';
import type { HttpContext } from './http-api-parts.js';

type Results = Health['checks'];

/** Runs the check of every dependency at once, each for at most checkTimeoutMs; callers within checkCacheMs share one answer. */
export function dependencyChecks({ checks, clock, options }: Pick<HttpContext, 'checks' | 'clock' | 'options'>): () => Promise<Results> {
  let latest: { readonly at: number; readonly results: Promise<Results> } | undefined;

  const runOne = async (name: string, check: () => Promise<void>): Promise<Results[string]> => {
    const startedAt = performance.now();
    const answered = new AbortController();
    const tooLate = clock.sleep(options.checkTimeoutMs, answered.signal).then(() => {
      if (!answered.signal.aborted) throw colloquyError('HEALTH_CHECK_TIMEOUT', { dependency: name, limitMs: options.checkTimeoutMs });
    });
    const outcome = await Promise.race([Promise.resolve().then(check), tooLate]).then(
      () => ({ status: 'up' as const }),
      (error: unknown) => ({ status: 'down' as const, code: classified(error, 'INTERNAL', { where: `the check of ${name}` }).code }),
    );
    answered.abort();
    return { ...outcome, ms: Math.round((performance.now() - startedAt) * 100) / 100 };
  };

  const runAll = async (): Promise<Results> =>
    Object.fromEntries(await Promise.all(Object.entries(checks).map(async ([name, check]) => [name, await runOne(name, check)] as const)));

  return () => {
    const now = clock.now();
    if (latest === undefined || now - latest.at >= options.checkCacheMs) latest = { at: now, results: runAll() };
    return latest.results;
  };
}
