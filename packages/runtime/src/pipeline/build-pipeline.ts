import { checkOrder, classified, pipelineOf, type ColloquyError, type Pipeline, type PipelineOptions, type Stage, type StagePorts } from '@colloquy/core';
import { refuseConfig } from '../config/config-problems.js';
import type { LoadedConfig } from '../config/load-config.js';
import { buildStages } from './build-stages.js';
import { moduleRegistry } from './module-registry.js';
import { stageRegistry, type StageRegistry } from './stage-registry.js';

export interface BuildPipelineOptions extends Omit<PipelineOptions, 'budgetMs'> {
  readonly ports: StagePorts;
  /** Folder that paths of `modules:` are relative to. */
  readonly baseDir: string;
  /** Stages besides those of `modules:`. Default: the built-in ones. */
  readonly registry?: StageRegistry;
}

/**
 * The pipeline of a configuration, opened: packages and models are loaded. Throws CONFIG_REFUSED with all problems at once:
 * those of the file, unknown stages and options, unmet needs, missing packages and models.
 */
export async function buildPipeline(loaded: LoadedConfig, options: BuildPipelineOptions): Promise<Pipeline> {
  const { ports, baseDir, registry = stageRegistry, ...rest } = options;
  if (loaded.problems.some(isOfPipeline)) refuseConfig(loaded.file, loaded.problems);
  const modules = await moduleRegistry(loaded.config.modules, baseDir);
  const { stages, problems } = await buildStages(loaded, { ...registry, ...modules.registry }, ports);
  // Behind an unknown stage, a need may only seem unmet.
  const order = problems.some(({ code }) => code === 'CONFIG_STAGE_UNKNOWN') ? [] : checkOrder(stages);
  const closed = await openStages(stages);
  const all = [...loaded.problems, ...modules.problems, ...problems, ...order, ...closed];
  if (all.length > 0) await closeStages(stages);
  refuseConfig(loaded.file, all);
  return pipelineOf(stages, { ...rest, budgetMs: loaded.config.budgetMs });
}

function isOfPipeline({ details }: ColloquyError): boolean {
  return /^(pipeline|modules|\(top level\))(\.|$)/.test(String(details['path']));
}

/** Opens every stage once, now; the pipeline later finds it open. Returns what could not be opened and why. */
async function openStages(stages: readonly Stage[]): Promise<readonly ColloquyError[]> {
  const results = await Promise.all(
    leaves(stages).map(async (stage) => {
      const open = stage.open?.bind(stage);
      if (open === undefined) return undefined;
      const opening = Promise.resolve().then(open);
      Object.assign(stage, { open: () => opening });
      return opening.then(
        () => undefined,
        (error: unknown) => classified(error, 'INTERNAL', { where: stage.id }),
      );
    }),
  );
  return results.filter((error) => error !== undefined);
}

async function closeStages(stages: readonly Stage[]): Promise<void> {
  await Promise.allSettled(leaves(stages).map((stage) => stage.close?.()));
}

function leaves(stages: readonly Stage[]): readonly Stage[] {
  return stages.flatMap((stage) => (stage.parts === undefined ? [stage] : leaves(stage.parts)));
}
