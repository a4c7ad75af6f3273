import type { AnnotationSource, Doc, Entity, Patch, Slot, Stage } from '@colloquy/core';
import { describe, expect, it } from 'vitest';
import { stageChecks } from './stage-checks.js';
import { stageSuite } from './stage-suite.js';
import { stageContext, stageTrial, type StageTrialOptions } from './stage-trial.js';

type EntityStage = Stage<never, 'entities'>;

/** Finds runs of letters, at most 50: keeps every promise. */
function wordStage(): EntityStage {
  return {
    id: 'find-words@1',
    requires: [],
    provides: ['entities'],
    process: (doc, ctx) => ({ entities: { items: words(doc), score: 1, source, ...(ctx.explain ? { why: { summary: 'letters', evidence: [{ what: 'letters', weight: 1 }] } } : {}) } }),
    processBatch(docs, ctx) {
      return docs.map((doc, index) => this.process(doc, ctx[index] ?? stageContext()) as Patch<'entities'>);
    },
    open: async () => undefined,
    close: async () => undefined,
  };
}

const source: AnnotationSource = { stage: 'find-words@1' };

function words(doc: Doc): Entity[] {
  return [...doc.text.matchAll(/\p{L}+/gu)].slice(0, 50).map(({ 0: text, index }) => ({ part: 'text', start: index, end: index + text.length, type: 'word', text, score: 1 }));
}

const samples = [{ id: 'sample', conversationId: 'c', text: '🙂 hola mundo' }];

/** The names of the checks that find something. */
async function broken(create: () => Stage, more: Partial<StageTrialOptions> = {}): Promise<string[]> {
  const trial = await stageTrial({ create, samples, ...more });
  const names: string[] = [];
  for (const [name, check] of Object.entries(stageChecks)) if ((await check(trial)).length > 0) names.push(name);
  return names;
}

/** The word stage with the answer changed on its way out. */
function changed(change: (items: Entity[], doc: Doc) => unknown): () => Stage {
  return () => ({ ...wordStage(), processBatch: undefined, process: (doc: Doc, ctx: Parameters<EntityStage['process']>[1]) => {
    const { entities } = wordStage().process(doc, ctx) as Required<Patch<'entities'>>;
    return { entities: { ...entities, items: change([...entities.items], doc) } };
  } }) as unknown as Stage;
}

const onFirst = (patch: (item: Entity, doc: Doc) => object) =>
  changed((items, doc) => items.map((item, index) => (index === 0 ? { ...item, ...patch(item, doc) } : item)));

function withStage(parts: object): () => Stage {
  return () => ({ ...wordStage(), processBatch: undefined, ...parts }) as unknown as Stage;
}

stageSuite({ name: 'a stage that keeps every promise', create: wordStage, samples });

describe('stageChecks catch a stage that', () => {
  const spans = 'keeps spans inside their part';
  const repeats = 'gives the same answer to the same input';
  const answers = 'answers every text, and never changes its input';
  const scores = 'keeps scores in range';
  const names = 'names itself as the source';
  const plain = 'answers in plain data';
  const closes = 'closes after open, with or without work';
  const explains = 'explains itself when asked, and only then';
  const word = wordStage();

  let count = 0;
  it.each<[string, string, () => Stage]>([
    ['has no version in its id', 'has a well-formed id', withStage({ id: 'find-words' })],
    ['has version 0', 'has a well-formed id', withStage({ id: 'find-words@0' })],
    ['writes into the message', answers, withStage({ process: (doc: { text: string }) => ((doc.text = 'x'), {}) })],
    ['writes into a nested annotation', answers, withStage({ process: (doc: { meta: Record<string, unknown> }) => ((doc.meta['seen'] = true), {}) })],
    ['throws on empty text', answers, withStage({ process: (doc: Doc) => (doc.text.length === 0 ? fail() : {}) })],
    ['rejects on long text', answers, withStage({ process: async (doc: Doc) => (doc.text.length > 60_000 ? fail() : {}) })],
    ['fills a slot it does not declare', 'fills only the slots it provides', withStage({ provides: ['intent'] })],
    ['answers nothing at all', 'fills only the slots it provides', withStage({ process: () => undefined })],
    ['answers with undefined inside', plain, onFirst(() => ({ value: undefined }))],
    ['answers with a Date inside', plain, onFirst(() => ({ value: new Date(0) }))],
    ['gives another stage as source', names, withStage({ id: 'find-things@1' })],
    ['gives a model it does not have', names, withStage({ process: () => ({ entities: { items: [], score: 1, source: { ...source, model: 'm@1' } } }) })],
    ['scores above 1', scores, onFirst(() => ({ score: 1.01 }))],
    ['scores below 0', scores, onFirst(() => ({ score: -0.1 }))],
    ['has no score', scores, withStage({ process: () => ({ entities: { items: [], source } }) })],
    ['gives an empty span', spans, onFirst(({ start }) => ({ end: start, text: '' }))],
    ['ends a span beyond the text', spans, onFirst((_, doc) => ({ end: doc.text.length + 1 }))],
    ['starts a span before the text', spans, onFirst(() => ({ start: -1 }))],
    ['counts characters, not code units', spans, onFirst(({ start, end }) => ({ start: start - 1, end: end - 1 }))],
    ['cuts an emoji in two', spans, changed((items, doc) => (doc.text.startsWith('🙂') ? [{ ...items[0], start: 1, end: 3, text: doc.text.slice(1, 3) }] : items))],
    ['copies the text wrongly', spans, onFirst(({ text }) => ({ text: `${text} ` }))],
    ['names a part that is not there', spans, onFirst(() => ({ part: 'media/7/caption' }))],
    ['overlaps entities', spans, changed((items) => (items[0] ? [items[0], ...items] : []))],
    ['puts entities out of order', spans, changed((items) => items.reverse())],
    ['counts its calls', repeats, onFirst(() => ({ type: `word-${count++}` }))],
    ['remembers the message before', repeats, remembering],
    ['answers a batch in the wrong order', 'gives the same answers to a batch', withStage({ processBatch: (docs: Doc[]) => docs.map((doc) => ({ entities: { items: words(doc), score: 1, source } })).reverse() })],
    ['answers half a batch', 'gives the same answers to a batch', withStage({ processBatch: () => [] })],
    ['fails on a batch', 'gives the same answers to a batch', withStage({ processBatch: () => fail() })],
    ['does not explain', explains, withStage({ process: (doc: Doc) => ({ entities: { items: words(doc), score: 1, source } }) })],
    ['explains unasked', explains, withStage({ process: (doc: Doc) => ({ entities: { items: words(doc), score: 1, source, why: { summary: 'letters', evidence: [] } } }) })],
    ['explains without words', explains, withStage({ process: (doc: Doc, ctx: { explain: boolean }) => ({ entities: { items: words(doc), score: 1, source, ...(ctx.explain ? { why: { summary: '', evidence: [] } } : {}) } }) })],
    ['answers otherwise when it explains', explains, withStage({ process: (doc: Doc, ctx: { explain: boolean }) => (ctx.explain ? {} : { entities: { items: words(doc), score: 1, source } }) })],
    ['throws on close', closes, withStage({ close: async () => fail() })],
    ['closes only after work', closes, closesOnlyAfterWork],
  ])('%s', async (_, check, create) => {
    expect(await broken(create)).toContain(check);
  });

  it('waits for ever once aborted', async () => {
    const create = withStage({ process: (doc: Doc, ctx: { signal: AbortSignal }) => (ctx.signal.aborted ? new Promise(() => undefined) : word.process(doc as Doc<never>, stageContext())) });
    expect(await stageChecks['takes an aborted signal'](await stageTrial({ create, samples }))).toEqual(['c/sample: no answer within 5000 ms of an aborted signal']);
  }, 20_000);

  it('has only the one fault named, and is told where', async () => {
    expect(await broken(onFirst(() => ({ score: 2 })))).toEqual([scores]);
    expect(await stageChecks[scores](await stageTrial({ create: onFirst(() => ({ score: 2 })), samples }))).toContain('c/sample: a score inside entities is 2; expected 0 to 1');
    expect(await broken(wordStage)).toEqual([]);
  });

  it('takes a rejection of an aborted call, and negative polarity of sentiment', async () => {
    const strict = withStage({ process: (doc: Doc, ctx: { signal: AbortSignal; explain: boolean }) => {
      ctx.signal.throwIfAborted();
      return word.process(doc as Doc<never>, stageContext({ explain: ctx.explain }));
    } });
    expect(await broken(strict)).toEqual([]);
    const sad = { score: -1, intensity: 1, label: 'negative', source };
    expect(await broken(withStage({ provides: ['sentiment'], process: (_: Doc, ctx: { explain: boolean }) => ({ sentiment: ctx.explain ? { ...sad, why: { summary: 'x', evidence: [] } } : sad }) }))).toEqual([]);
  });

  it('needs a slot that is not given: the trial itself refuses', async () => {
    await expect(broken(withStage({ requires: ['language'] }))).rejects.toThrow('find-words@1 requires language');
    const language = { code: 'es', alternatives: [], score: 1, source: { stage: 'x@1' } };
    expect(await broken(withStage({ requires: ['language' satisfies Slot] }), { annotations: { language } })).toEqual([]);
  });
});

function fail(): never {
  throw new Error('broken');
}

function remembering(): Stage {
  let before = '';
  return withStage({ process: (doc: Doc) => {
    const items = words(doc).map((item) => ({ ...item, type: before }));
    before = doc.id;
    return { entities: { items, score: 1, source } };
  } })();
}

function closesOnlyAfterWork(): Stage {
  let worked = false;
  return withStage({ process: () => ((worked = true), {}), close: async () => (worked ? undefined : fail()) })();
}
