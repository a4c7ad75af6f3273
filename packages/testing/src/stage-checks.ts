import { isDeepStrictEqual } from 'node:util';
import type { Doc, Slot } from '@colloquy/core';
import { spanProblems, walk } from './span-problems.js';
import { answerOf, stageContext, type StageAnswer, type StageTrial } from './stage-trial.js';

/** Returns what is wrong, one line each; nothing where all is well. */
export type StageCheck = (trial: StageTrial) => Promise<readonly string[]>;

/** What every stage must hold, by the name of the promise. `stageSuite` makes one test of each. */
export const stageChecks = {
  'has a well-formed id': async ({ stage }) => (/^[a-z][a-z0-9-]*@[1-9]\d*$/.test(stage.id) ? [] : [`found id ${stage.id}; expected name@version`]),
  'answers every text, and never changes its input': thrownProblems,
  'fills only the slots it provides': shapeProblems,
  'answers in plain data': async (trial) => eachPatch(trial, plainProblems),
  'names itself as the source': async (trial) => eachAnnotation(trial, (annotation) => sourceProblems(trial, annotation)),
  'keeps scores in range': async (trial) => eachAnnotation(trial, scoreProblems),
  'keeps spans inside their part': async (trial) => eachPatch(trial, spanProblems),
  'gives the same answer to the same input': repeatProblems,
  'gives the same answers to a batch': batchProblems,
  'explains itself when asked, and only then': explainProblems,
  'takes an aborted signal': abortProblems,
  'closes after open, with or without work': closeProblems,
} as const satisfies Readonly<Record<string, StageCheck>>;

function nameOf({ docs }: StageTrial, index: number): string {
  return `${docs[index]?.conversationId}/${docs[index]?.id}`;
}

function eachPatch(trial: StageTrial, find: (patch: object, doc: Doc<Slot>) => readonly string[]): readonly string[] {
  return trial.answers.flatMap((answer, index) => {
    const doc = trial.docs[index];
    if ('thrown' in answer || doc === undefined || !isObject(answer.patch)) return [];
    return find(answer.patch, doc).map((problem) => `${nameOf(trial, index)}: ${problem}`);
  });
}

function eachAnnotation(trial: StageTrial, find: (annotation: Readonly<Record<string, unknown>>, slot: string) => readonly string[]): readonly string[] {
  return eachPatch(trial, (patch) =>
    Object.entries(patch).flatMap(([slot, annotation]: [string, unknown]) => (isObject(annotation) ? find(annotation, slot) : [`${slot} is no object`])),
  );
}

async function thrownProblems(trial: StageTrial): Promise<readonly string[]> {
  return trial.answers.flatMap((answer, index) => ('thrown' in answer ? [`${nameOf(trial, index)}: threw ${String(answer.thrown)}`] : []));
}

async function shapeProblems(trial: StageTrial): Promise<readonly string[]> {
  const { answers, stage } = trial;
  return answers.flatMap((answer, index) => {
    if ('thrown' in answer) return [];
    if (!isObject(answer.patch)) return [`${nameOf(trial, index)}: answered ${String(answer.patch)}; expected an object`];
    const foreign = Object.keys(answer.patch).filter((slot) => !(stage.provides as readonly string[]).includes(slot));
    return foreign.map((slot) => `${nameOf(trial, index)}: filled ${slot}; it provides ${stage.provides.join(', ') || 'nothing'}`);
  });
}

/** What a worker, a store and a log carry unchanged. */
function plainProblems(patch: object): readonly string[] {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(patch)), patch) ? [] : ['answered something that JSON does not keep (undefined, NaN, Date, class, …)'];
}

function sourceProblems({ stage }: StageTrial, annotation: Readonly<Record<string, unknown>>): readonly string[] {
  const { source } = annotation;
  if (!isObject(source) || source['stage'] !== stage.id) return [`source.stage is ${isObject(source) ? String(source['stage']) : 'absent'}; expected ${stage.id}`];
  const { model } = source;
  return model === undefined || stage.models?.includes(String(model)) ? [] : [`source.model ${String(model)} is not among the stage's models`];
}

function scoreProblems(annotation: Readonly<Record<string, unknown>>, slot: string): readonly string[] {
  const lowest = slot === 'sentiment' ? -1 : 0;
  const problems = inRange(annotation['score'], lowest) ? [] : [`${slot}.score is ${String(annotation['score'])}; expected ${lowest} to 1`];
  walk(annotation, (part) => {
    if (part === annotation) return;
    if ('score' in part && !inRange(part['score'], lowest)) problems.push(`a score inside ${slot} is ${String(part['score'])}; expected ${lowest} to 1`);
  });
  if ('intensity' in annotation && !inRange(annotation['intensity'], 0)) problems.push(`${slot}.intensity is ${String(annotation['intensity'])}; expected 0 to 1`);
  return problems;
}

function inRange(score: unknown, lowest: number): boolean {
  return typeof score === 'number' && score >= lowest && score <= 1;
}

/** The same stage in the other order, and a new one. */
async function repeatProblems(trial: StageTrial): Promise<readonly string[]> {
  const fresh = trial.create();
  await fresh.open?.();
  const problems: string[] = [];
  for (let index = trial.docs.length - 1; index >= 0; index--) {
    const doc = trial.docs[index] as Doc<Slot>;
    if (!same(await answerOf(trial.stage, doc), trial.answers[index])) problems.push(`${nameOf(trial, index)}: another answer the second time`);
    if (!same(await answerOf(fresh, doc), trial.answers[index])) problems.push(`${nameOf(trial, index)}: another answer from a new stage`);
  }
  await fresh.close?.().catch(() => undefined);
  return problems;
}

async function batchProblems(trial: StageTrial): Promise<readonly string[]> {
  const { stage, docs, answers } = trial;
  if (stage.processBatch === undefined) return [];
  try {
    const patches = await stage.processBatch(docs, docs.map(() => stageContext()));
    if (patches.length !== docs.length) return [`${patches.length} answers for ${docs.length} messages`];
    return patches.flatMap((patch, index) => (same({ patch }, answers[index]) ? [] : [`${nameOf(trial, index)}: another answer in a batch`]));
  } catch (thrown) {
    return [`the batch threw ${String(thrown)}`];
  }
}

async function explainProblems(trial: StageTrial): Promise<readonly string[]> {
  const problems = [...eachAnnotation(trial, (annotation, slot) => ('why' in annotation ? [`${slot} has why without being asked`] : []))];
  for (const [index, doc] of trial.docs.entries()) {
    const answer = await answerOf(trial.stage, doc, { explain: true });
    if ('thrown' in answer || !isObject(answer.patch)) continue;
    for (const [slot, annotation] of Object.entries<unknown>(answer.patch)) {
      if (!isObject(annotation) || !isExplanation(annotation['why'])) problems.push(`${nameOf(trial, index)}: ${slot} has no why with summary and evidence`);
    }
    const bare = Object.fromEntries(Object.entries(answer.patch).map(([slot, annotation]) => [slot, withoutWhy(annotation)]));
    if (!same({ patch: bare }, trial.answers[index])) problems.push(`${nameOf(trial, index)}: another answer when asked to explain`);
  }
  return problems;
}

function isExplanation(why: unknown): boolean {
  if (!isObject(why) || typeof why['summary'] !== 'string' || why['summary'] === '' || !Array.isArray(why['evidence'])) return false;
  return why['evidence'].every((item: unknown) => isObject(item) && typeof item['what'] === 'string' && Number.isFinite(item['weight']));
}

function withoutWhy(annotation: unknown): unknown {
  return isObject(annotation) ? Object.fromEntries(Object.entries(annotation).filter(([key]) => key !== 'why')) : annotation;
}

/** It may reject or answer as ever, within five seconds. */
async function abortProblems(trial: StageTrial): Promise<readonly string[]> {
  const limitMs = 5_000;
  const problems: string[] = [];
  for (const [index, doc] of trial.docs.entries()) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), limitMs);
    });
    const answer = await Promise.race([answerOf(trial.stage, doc, { signal: AbortSignal.abort() }), late]);
    clearTimeout(timer);
    if (answer === undefined) return [`${nameOf(trial, index)}: no answer within ${limitMs} ms of an aborted signal`];
    if ('patch' in answer && !isObject(answer.patch)) problems.push(`${nameOf(trial, index)}: answered ${String(answer.patch)} to an aborted signal`);
  }
  return problems;
}

async function closeProblems({ create, docs }: StageTrial): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const work of [false, true]) {
    const stage = create();
    const doc = docs[0];
    try {
      await stage.open?.();
      if (work && doc !== undefined) await answerOf(stage, doc);
      await stage.close?.();
    } catch (thrown) {
      problems.push(`open and close ${work ? 'with' : 'without'} work threw ${String(thrown)}`);
    }
  }
  return problems;
}

/** Failures count as equal: what they are about is another check's. */
function same(one: StageAnswer, other: StageAnswer | undefined): boolean {
  if (other === undefined) return false;
  if ('thrown' in one || 'thrown' in other) return 'thrown' in one && 'thrown' in other;
  return isDeepStrictEqual(one.patch, other.patch);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
