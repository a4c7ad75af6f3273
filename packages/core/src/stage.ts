import type { Annotations, Slot } from './annotations.js';
import type { Doc } from './doc.js';
import type { ColloquyError } from './errors/colloquy-error.js';
import type { Logger } from './ports/logger.js';

/** Name and version: `classify-intent@1`. A published id never changes meaning. */
export type StageId = `${string}@${number}`;

/** What a stage adds. A slot may be left out where there is nothing to say. */
export type Patch<Adds extends Slot = Slot> = { readonly [K in Adds]?: Annotations[K] };

/** Names a view of a message that several stages share, such as its tokens. Make one per kind of view, at module level. */
export interface ViewKey<T> {
  readonly name: string;
  /** Never set; carries the type. */
  readonly type?: T;
}

export interface StageContext {
  /** Aborted when the caller gives up or a deadline passes. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds. The only clock a stage may read. */
  now(): number;
  readonly log: Logger;
  /** True when the caller wants `why` on annotations. */
  readonly explain: boolean;
  /** A view of this message, computed once for all stages. `make` must be pure. */
  view<T>(key: ViewKey<T>, make: () => T): T;
  /** Notes a failure of one part of the work; the stage goes on and still returns what it has. */
  fault(error: ColloquyError): void;
  /**
   * Runs another stage inside this one: checks its needs, measures it, notes its failure under its own id. Never rejects
   * for a failing stage: then the patch is empty. This is what combinators are made of.
   */
  run<Needs extends Slot, Adds extends Slot>(stage: Stage<Needs, Adds>, doc: Doc<Needs>, options?: RunOptions): Promise<Patch<Adds>>;
}

export interface RunOptions {
  /** Give up after this many milliseconds, noting STAGE_DEADLINE; a late answer is dropped. */
  readonly deadlineMs?: number;
  /** Note every failure as kind `fault`: the message goes on whatever happens. */
  readonly tolerant?: boolean;
}

/**
 * One step of a pipeline. Pure but for its context: no clock, environment or network outside ctx and ports, and never a
 * change to the Doc. Throw a ColloquyError to say what kind of failure it is; anything else counts as a bug.
 */
export interface Stage<Needs extends Slot = Slot, Adds extends Slot = Slot> {
  readonly id: StageId;
  readonly requires: readonly Needs[];
  readonly provides: readonly Adds[];
  /** The models this stage answers with, once open: `name@version`. */
  readonly models?: readonly string[];
  /** Called only when every slot of `requires` is filled. */
  process(doc: Doc<Needs>, ctx: StageContext): Patch<Adds> | Promise<Patch<Adds>>;
  /** The same for many messages at once; answers in the order given, one each. `ctx[i]` belongs to `docs[i]`. */
  processBatch?(docs: readonly Doc<Needs>[], ctx: readonly StageContext[]): readonly Patch<Adds>[] | Promise<readonly Patch<Adds>[]>;
  /** Loads what weighs (peers, models). Called once, before the first message. Throws errors of kind `config`. */
  open?(): Promise<void>;
  close?(): Promise<void>;
  /** The stages a combinator is made of, for describe(). */
  readonly parts?: readonly Stage[];
}

export function viewKey<T>(name: string): ViewKey<T> {
  return { name };
}
