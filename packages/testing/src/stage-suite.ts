import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stageChecks } from './stage-checks.js';
import { stageTrial, type StageTrial, type StageTrialOptions } from './stage-trial.js';

export interface StageSuiteOptions extends StageTrialOptions {
  readonly name: string;
  /** For each check; a check runs the stage over all samples and nasty texts. Default: 60,000. */
  readonly timeoutMs?: number;
}

/**
 * Certifies a stage: one vitest test for each of `stageChecks`. Give samples the stage has something to say about, else its
 * spans, scores and explanations go unseen.
 */
export function stageSuite(options: StageSuiteOptions): void {
  const { name, timeoutMs = 60_000 } = options;
  describe(`${name}: a stage`, () => {
    let trial: StageTrial;
    beforeAll(async () => {
      trial = await stageTrial(options);
    }, timeoutMs);
    afterAll(async () => {
      await trial?.stage.close?.();
    });
    it('has something to say about the samples', () => {
      const said = trial.answers.some((answer) => 'patch' in answer && Object.keys(answer.patch).length > 0);
      expect(said || trial.stage.provides.length === 0).toBe(true);
    });
    for (const [promise, check] of Object.entries(stageChecks)) {
      it(promise, async () => expect(await check(trial)).toEqual([]), timeoutMs);
    }
  });
}
