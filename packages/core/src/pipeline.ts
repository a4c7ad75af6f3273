import type { Slot } from './annotations.js';
import { checkOrder, describeStages } from './check-order.js';
import { createDoc, type Doc } from './doc.js';
import { classified, colloquyError } from './errors/colloquy-error.js';
import { requireLimit } from './require-limit.js';
import type { Message, MessageInput } from './message.js';
import { parseMessage } from './parse-message.js';
import { systemClock, type Clock } from './ports/clock.js';
import { silentLogger, type Logger } from './ports/logger.js';
import { noTelemetry, type Telemetry } from './ports/telemetry.js';
import { runStage, runStageBatch, startRun, type Run, type StageFailure } from './run-stages.js';
import type { Stage } from './stage.js';

export interface PipelineOptions {
  /** Time for all stages of one message together, in milliseconds. Default: no limit. */
  readonly budgetMs?: number;
  readonly clock?: Clock;
  readonly log?: Logger;
  readonly telemetry?: Telemetry;
}

export interface EnrichOptions {
  readonly signal?: AbortSignal;
  /** Put `why` on annotations. */
  readonly explain?: boolean;
}

export interface EnrichManyOptions extends EnrichOptions {
  /** How many batches are under way at once. Default: 4. */
  readonly concurrency?: number;
  /** How many messages are handed to a stage's batch path at once. Default: 32. */
  readonly batchSize?: number;
}

/** A finished message and what failed on the way. */
export interface Processed {
  readonly doc: Doc;
  readonly failures: readonly StageFailure[];
}

/** Makes the compiler name the slots that no earlier stage provides. */
type MissingNeeds<Needs, Has> = [Exclude<Needs, Has>] extends [never] ? unknown : { readonly 'no earlier stage provides': Exclude<Needs, Has> };

export interface Pipeline<Has extends Slot = never> {
  readonly stages: readonly Stage[];
  /** A new pipeline with the stage at its end. Throws PIPELINE_NEED_UNMET where the compiler was not there to say so. */
  use<Needs extends Slot, Adds extends Slot>(stage: Stage<Needs, Adds> & MissingNeeds<Needs, Has>): Pipeline<Has | Adds>;
  /**
   * Rejects for a message that is none (MESSAGE_… errors), for a stage that cannot open (kind `config`) and for an aborted
   * signal; never because a stage failed: that is a fault on the Doc.
   */
  enrich(message: MessageInput, options?: EnrichOptions): Promise<Doc>;
  /** The same for many, results in the order of the input, with bounded memory. */
  enrichMany(messages: Iterable<MessageInput> | AsyncIterable<MessageInput>, options?: EnrichManyOptions): AsyncIterable<Doc>;
  /** For runners: takes checked messages and also tells the errors behind the faults. */
  process(messages: readonly Message[], options?: EnrichOptions): Promise<readonly Processed[]>;
  /** One line a stage, `id [needs] -> [adds]`. */
  describe(): string;
  /** Ids of the stages (without combinators) and, once open, of their models. */
  ids(): readonly string[];
  /** Loads peers and models; enrich does it by itself at the first message. */
  open(): Promise<void>;
  close(): Promise<void>;
}

/** An empty pipeline. */
export function pipeline(options: PipelineOptions = {}): Pipeline {
  return build([], options) as unknown as Pipeline;
}

/** A pipeline of stages whose order only the run can check, such as those of a config file. Throws PIPELINE_NEED_UNMET. */
export function pipelineOf(stages: readonly Stage[], options: PipelineOptions = {}): Pipeline {
  return build(stages, options) as unknown as Pipeline;
}

function build(stages: readonly Stage[], options: PipelineOptions): Pipeline<Slot> {
  const problem = checkOrder(stages)[0];
  if (problem !== undefined) throw problem;
  requireLimit('budgetMs', options.budgetMs ?? Infinity);
  const clock = options.clock ?? systemClock;
  const lifetime = stageLifetime(stages);

  const start = (message: Message, enrichOptions: EnrichOptions): Run =>
    startRun(createDoc(message), {
      signal: enrichOptions.signal ?? neverAborted,
      now: () => clock.now(),
      log: options.log ?? silentLogger,
      telemetry: options.telemetry ?? noTelemetry,
      explain: enrichOptions.explain ?? false,
      ...(options.budgetMs === undefined ? {} : { budgetMs: options.budgetMs }),
    });

  const process = (messages: readonly Message[], enrichOptions: EnrichOptions = {}) => untilAborted(enrichOptions.signal, () => runAll(messages, enrichOptions));
  const runAll = async (messages: readonly Message[], enrichOptions: EnrichOptions): Promise<readonly Processed[]> => {
    await lifetime.open();
    const runs = messages.map((message) => start(message, enrichOptions));
    const only = runs.length === 1 ? runs[0] : undefined;
    for (const stage of stages) await (only ? runStage(only, stage) : runStageBatch(runs, stage));
    return runs.map(({ doc, failures }) => ({ doc, failures }));
  };

  const parse = (message: MessageInput) => parseMessage(message, { now: clock.now() });

  return {
    stages,
    use: (stage) => build([...stages, stage], options),
    enrich: async (message, enrichOptions) => {
      const [result] = await process([parse(message)], enrichOptions);
      return (result as Processed).doc;
    },
    enrichMany: (messages, many = {}) => enrichMany(messages, many, async (batch) => (await process(batch.map(parse), many)).map(({ doc }) => doc)),
    process,
    describe: () => describeStages(stages),
    ids: () => leaves(stages).flatMap((stage) => [stage.id, ...(stage.models ?? [])]),
    open: lifetime.open,
    close: lifetime.close,
  };
}

const neverAborted = new AbortController().signal;

/** Rejects as soon as the signal is aborted, also where a stage does not listen to it; what that stage still answers is dropped. */
async function untilAborted<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  if (signal === undefined) return work();
  signal.throwIfAborted();
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => (onAbort = () => reject(signal.reason as Error)));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Batches keep the order of the input; at most `concurrency` of them are under way. */
async function* enrichMany(
  messages: Iterable<MessageInput> | AsyncIterable<MessageInput>,
  options: EnrichManyOptions,
  work: (batch: readonly MessageInput[]) => Promise<readonly Doc[]>,
): AsyncGenerator<Doc> {
  const { concurrency = 4, batchSize = 32, signal } = options;
  const underWay: Promise<readonly Doc[]>[] = [];
  let batch: MessageInput[] = [];
  const begin = () => {
    const promise = work(batch);
    promise.catch(() => undefined); // seen when its turn comes
    underWay.push(promise);
    batch = [];
  };
  for await (const message of messages) {
    signal?.throwIfAborted();
    batch.push(message);
    if (batch.length < batchSize) continue;
    begin();
    if (underWay.length >= concurrency) yield* (await underWay.shift()) ?? [];
  }
  if (batch.length > 0) begin();
  while (underWay.length > 0) yield* (await underWay.shift()) ?? [];
}

function leaves(stages: readonly Stage[]): readonly Stage[] {
  return stages.flatMap((stage) => (stage.parts === undefined ? [stage] : leaves(stage.parts)));
}

async function openStage(stage: Stage): Promise<void> {
  try {
    await stage.open?.();
  } catch (error) {
    throw classified(error, 'INTERNAL', { where: `opening ${stage.id}` });
  }
}

/** Opens each stage once, on first use; closes those that were opened. */
function stageLifetime(stages: readonly Stage[]): { open(): Promise<void>; close(): Promise<void> } {
  let opening: Promise<void> | undefined;
  let closed = false;
  return {
    open: () => {
      if (closed) return Promise.reject(colloquyError('PIPELINE_NOT_OPEN'));
      opening ??= Promise.all(leaves(stages).map(openStage)).then(() => undefined);
      return opening;
    },
    close: async () => {
      if (closed) return;
      closed = true;
      if (opening === undefined) return;
      await opening.catch(() => undefined);
      await Promise.all(leaves(stages).map((stage) => stage.close?.()));
    },
  };
}
