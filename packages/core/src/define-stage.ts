import type { Slot } from './annotations.js';
import { colloquyError } from './errors/colloquy-error.js';
import type { AudioVideo } from './ports/audio-video.js';
import type { MediaStore } from './ports/media-store.js';
import type { ModelStore } from './ports/model-store.js';
import type { Stage, StageId } from './stage.js';
import type { SchemaInput, SchemaOutput, StandardSchema } from './standard-schema.js';

/** What a stage may reach outside itself; the caller gives those the stage needs. */
export interface StagePorts {
  readonly media?: MediaStore;
  readonly audioVideo?: AudioVideo;
  readonly models?: ModelStore;
}

export interface StageDefinition<Options extends StandardSchema, Needs extends Slot, Adds extends Slot> {
  readonly id: StageId;
  /** One line for `describe` and the reference. */
  readonly summary: string;
  readonly requires: readonly Needs[];
  readonly provides: readonly Adds[];
  /** Every option described and defaulted; unknown keys fail. */
  readonly options: Options;
  create(options: SchemaOutput<Options>, ports: StagePorts): Omit<Stage<Needs, Adds>, 'id' | 'requires' | 'provides'>;
}

/** Makes a stage from options. Also carries what config files and references need to know about it. */
export interface StageFactory<Options extends StandardSchema = StandardSchema, Needs extends Slot = Slot, Adds extends Slot = Slot> {
  (options?: SchemaInput<Options>, ports?: StagePorts): Stage<Needs, Adds>;
  readonly id: StageId;
  readonly summary: string;
  readonly requires: readonly Needs[];
  readonly provides: readonly Adds[];
  readonly options: Options;
}

/** Throws STAGE_ID_INVALID; the factory throws STAGE_OPTION_INVALID for options its schema refuses. */
export function defineStage<Options extends StandardSchema, Needs extends Slot = never, Adds extends Slot = never>(
  definition: StageDefinition<Options, Needs, Adds>,
): StageFactory<Options, Needs, Adds> {
  const { id, summary, requires, provides, options: schema } = definition;
  if (!/^[a-z][a-z0-9-]*@[1-9]\d*$/.test(id)) throw colloquyError('STAGE_ID_INVALID', { id });
  const factory = (options: SchemaInput<Options> = {}, ports: StagePorts = {}): Stage<Needs, Adds> => {
    const checked = schema['~standard'].validate(options);
    if (checked instanceof Promise) throw colloquyError('STAGE_OPTION_INVALID', { stage: id, option: '(all)', problem: 'the schema is asynchronous', name: stageName(id) });
    const issue = checked.issues?.[0];
    if (issue || !('value' in checked)) {
      const path = (issue?.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
      throw colloquyError('STAGE_OPTION_INVALID', { stage: id, option: path || '(all)', problem: issue?.message ?? 'refused', name: stageName(id) });
    }
    const body = definition.create(checked.value as SchemaOutput<Options>, ports);
    return Object.assign(body, { id, requires, provides });
  };
  return Object.assign(factory, { id, summary, requires, provides, options: schema });
}

/** `classify-intent@1` → `classify-intent`. */
export function stageName(id: string): string {
  return id.slice(0, id.lastIndexOf('@'));
}
