import { colloquyError, type ColloquyError } from './errors/colloquy-error.js';
import type { Stage } from './stage.js';

/** What describe() and the checks need to know of a stage; a factory has it too. */
export type StageOutline = Pick<Stage, 'id' | 'requires' | 'provides' | 'parts'>;

/** All problems of an order of stages: PIPELINE_NEED_UNMET and PIPELINE_STAGE_DUPLICATE. None: an empty list. */
export function checkOrder(stages: readonly StageOutline[]): readonly ColloquyError[] {
  const problems: ColloquyError[] = [];
  const available = new Set<string>();
  const seen = new Set<string>();
  const check = (stage: StageOutline): void => {
    if (stage.parts === undefined) {
      if (seen.has(stage.id)) problems.push(colloquyError('PIPELINE_STAGE_DUPLICATE', { stage: stage.id }));
      seen.add(stage.id);
      const missing = stage.requires.filter((slot) => !available.has(slot));
      if (missing.length > 0) {
        problems.push(colloquyError('PIPELINE_NEED_UNMET', { stage: stage.id, needs: missing.join(', '), available: [...available].join(', ') || 'nothing' }));
      }
    }
    // Parts run side by side or one alone: none sees what another adds.
    for (const part of stage.parts ?? []) check(part);
  };
  for (const stage of stages) {
    check(stage);
    for (const slot of stage.provides) available.add(slot);
  }
  return problems;
}

/** One line a stage, `id [needs] -> [adds]`; the parts of a combinator are indented. */
export function describeStages(stages: readonly StageOutline[], indent = ''): string {
  return stages
    .map((stage) => {
      const line = `${indent}${stage.id} [${stage.requires.join(', ')}] -> [${stage.provides.join(', ')}]`;
      return stage.parts === undefined ? line : `${line}\n${describeStages(stage.parts, `${indent}  `)}`;
    })
    .join('\n');
}
