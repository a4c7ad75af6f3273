import {
  classified,
  colloquyError,
  optional,
  parallel,
  stageName,
  when,
  withDeadline,
  type ColloquyError,
  type Doc,
  type Slot,
  type Stage,
  type StageFactory,
  type StagePorts,
} from '@colloquy/core';
import type { LoadedConfig } from '../config/load-config.js';
import type { PipelineEntry, WhenEntry } from '../config/pipeline-entry.js';
import { validateValues } from '../config/validate-values.js';
import type { StageRegistry } from './stage-registry.js';

export interface BuiltStages {
  readonly stages: readonly Stage[];
  /** CONFIG_STAGE_UNKNOWN, STAGE_OPTION_INVALID, STAGE_PORT_MISSING, PIPELINE_SLOT_CONFLICT, PIPELINE_NEED_UNMET of conditions. */
  readonly problems: readonly ColloquyError[];
}

/** Makes the stages of `pipeline:`. Unknown ones are left out; one with a problem is there in outline only, so that the order can be checked. */
export async function buildStages(loaded: LoadedConfig, registry: StageRegistry, ports: StagePorts): Promise<BuiltStages> {
  const problems: ColloquyError[] = [];
  const available = new Set<string>();
  const build = (entry: PipelineEntry, path: readonly PropertyKey[]) => buildEntry(entry, path, { loaded, registry, ports, problems, available });
  const stages: Stage[] = [];
  for (const [index, entry] of loaded.config.pipeline.entries()) {
    const stage = await build(entry, ['pipeline', index]);
    if (stage === undefined) continue;
    stages.push(stage);
    for (const slot of stage.provides) available.add(slot);
  }
  return { stages, problems };
}

interface Scope {
  readonly loaded: LoadedConfig;
  readonly registry: StageRegistry;
  readonly ports: StagePorts;
  readonly problems: ColloquyError[];
  /** Slots that entries before the current one provide. */
  readonly available: ReadonlySet<string>;
}

async function buildEntry(entry: PipelineEntry, path: readonly PropertyKey[], scope: Scope): Promise<Stage | undefined> {
  if (typeof entry === 'string') return buildStage(entry, {}, path, scope);
  if (isParallel(entry)) return buildParallel(entry.parallel, [...path, 'parallel'], scope);
  const combinator = entry as { optional?: PipelineEntry; deadline?: { ms: number; stage: PipelineEntry }; when?: WhenEntry };
  if (combinator.optional !== undefined) {
    const stage = await buildEntry(combinator.optional, [...path, 'optional'], scope);
    return stage && (optional(stage) as Stage);
  }
  if (combinator.deadline !== undefined) {
    const stage = await buildEntry(combinator.deadline.stage, [...path, 'deadline', 'stage'], scope);
    return stage && (withDeadline(stage, combinator.deadline.ms) as Stage);
  }
  if (combinator.when !== undefined) return buildWhen(combinator.when, [...path, 'when'], scope);
  const [id, options] = Object.entries(entry)[0] as [string, Readonly<Record<string, unknown>>];
  return buildStage(id, options, [...path, id], scope);
}

async function buildStage(id: string, options: Readonly<Record<string, unknown>>, path: readonly PropertyKey[], scope: Scope): Promise<Stage | undefined> {
  const load = Object.hasOwn(scope.registry, id) ? scope.registry[id] : undefined;
  if (load === undefined) {
    const known = Object.keys(scope.registry).sort().join(', ');
    scope.problems.push(colloquyError('CONFIG_STAGE_UNKNOWN', { path: path.slice(0, 2).join('.'), stage: id, known }));
    return undefined;
  }
  const factory: StageFactory = await load();
  const checked = validateValues(factory.options, options, { ...scope.loaded, at: path });
  for (const { path: option, problem } of checked.problems) {
    scope.problems.push(colloquyError('STAGE_OPTION_INVALID', { stage: id, option: option || '(all)', problem, name: stageName(id) }));
  }
  try {
    if (checked.problems.length === 0) return factory(checked.input as Record<string, unknown>, scope.ports);
  } catch (error) {
    scope.problems.push(classified(error, 'INTERNAL', { where: id }));
  }
  const { requires, provides } = factory;
  return { id: factory.id, requires, provides, process: () => ({}) };
}

async function buildParallel(entries: readonly PipelineEntry[], path: readonly PropertyKey[], scope: Scope): Promise<Stage | undefined> {
  const stages: Stage[] = [];
  for (const [index, entry] of entries.entries()) {
    const stage = await buildEntry(entry, [...path, index], scope);
    if (stage !== undefined) stages.push(stage);
  }
  try {
    return stages.length === 0 ? undefined : (parallel(...stages) as Stage);
  } catch (error) {
    scope.problems.push(classified(error, 'INTERNAL', { where: path.join('.') }));
    return undefined;
  }
}

async function buildWhen({ stage: entry, ...conditions }: WhenEntry, path: readonly PropertyKey[], scope: Scope): Promise<Stage | undefined> {
  const missing = slotConditions.filter((slot) => conditions[slot] !== undefined && !scope.available.has(slot));
  if (missing.length > 0) {
    scope.problems.push(colloquyError('PIPELINE_NEED_UNMET', { stage: path.join('.'), needs: missing.join(', '), available: [...scope.available].join(', ') || 'nothing' }));
  }
  const stage = await buildEntry(entry, [...path, 'stage'], scope);
  return stage && (when((doc: Doc<Slot>) => holds(conditions, doc), stage) as Stage);
}

const slotConditions = ['language', 'intent', 'sentiment'] as const;

function holds(conditions: Omit<WhenEntry, 'stage'>, { direction, channel, author, ann }: Doc<Slot>): boolean {
  const facts = { direction, channel, role: author.role, language: ann.language?.code, intent: ann.intent?.name, sentiment: ann.sentiment?.label };
  return Object.entries(conditions).every(([name, wanted]) => wanted === undefined || facts[name as keyof typeof facts] === wanted);
}

function isParallel(entry: object): entry is { readonly parallel: readonly PipelineEntry[] } {
  return 'parallel' in entry && Array.isArray(entry.parallel);
}
