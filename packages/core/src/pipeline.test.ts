import { describe, expect, it } from 'vitest';
import { ColloquyError, colloquyError, optional, parallel, pipeline, pipelineOf, viewKey, when, withDeadline, type Doc, type MessageInput, type Patch, type Slot, type Stage } from './index.js';

const message: MessageInput = { id: 'm1', conversationId: 'c1', text: 'hola', at: '2026-03-02T10:00:00Z' };

function stage<Adds extends Slot>(name: string, requires: readonly Slot[], adds: Adds, process: Stage<never, Adds>['process'], more: Partial<Stage<never, Adds>> = {}): Stage<never, Adds> {
  return { id: `${name}@1`, requires: requires as never[], provides: [adds], process, ...more };
}
const score = (value: number) => ({ sentiment: { source: { stage: 'score@1' }, score: value, label: 'neutral', intensity: 0 } }) satisfies Patch;
const spanish = { language: { source: { stage: 'language@1' }, score: 1, code: 'es', alternatives: [] } } satisfies Patch;
const language = () => stage('language', [], 'language', () => spanish);
const boom = (name = 'boom') => stage(name, [], 'intent', () => { throw new Error('private words'); });
const never = () => new Promise<Patch<'intent'>>(() => undefined);

describe('enrich', () => {
  it('runs the stages in order and leaves the input as it was', async () => {
    const seen: (string | undefined)[] = [];
    const second = stage('score', ['language'], 'sentiment', (doc) => (seen.push(doc.ann.language?.code), score(0.5)));
    const input = Object.freeze({ ...message });
    const doc = await pipelineOf([language(), second]).enrich(input);
    expect(seen).toEqual(['es']);
    expect(doc).toEqual({
      id: 'm1', conversationId: 'c1', at: '2026-03-02T10:00:00.000Z', author: { id: 'c1', role: 'customer' }, channel: 'unknown',
      direction: 'inbound', text: 'hola', media: [], meta: {}, faults: [], ann: { ...spanish, ...score(0.5) },
    });
  });

  it('keeps a failing stage as a fault, without its words, and runs the rest', async () => {
    const doc = await pipelineOf([boom(), language()]).enrich(message);
    expect(doc.faults).toEqual([{ stage: 'boom@1', code: 'STAGE_FAILED', kind: 'bug' }]);
    expect(doc.ann.language?.code).toBe('es');
    expect(JSON.stringify(doc)).not.toContain('private words');
  });

  it('keeps the code and kind of a classified error', async () => {
    const own = stage('own', [], 'intent', () => { throw new ColloquyError({ code: 'MY_LIMIT', kind: 'transient', message: 'busy' }); });
    expect((await pipelineOf([own]).enrich(message)).faults).toEqual([{ stage: 'own@1', code: 'MY_LIMIT', kind: 'transient' }]);
  });

  it('does not run a stage whose need was lost, and says so', async () => {
    const needy = stage('needy', ['intent'], 'sentiment', () => score(1));
    const doc = await pipelineOf([boom(), needy]).enrich(message);
    expect(doc.faults.map(({ stage: id, code, kind }) => [id, code, kind])).toEqual([['boom@1', 'STAGE_FAILED', 'bug'], ['needy@1', 'STAGE_NEED_ABSENT', 'fault']]);
    expect(doc.ann.sentiment).toBeUndefined();
  });

  it.each<[string, unknown, string]>([
    ['a slot it does not provide', { language: spanish.language }, 'STAGE_PATCH_INVALID'],
    ['nothing', undefined, 'STAGE_PATCH_INVALID'],
    ['null', null, 'STAGE_PATCH_INVALID'],
    ['a list', [], 'STAGE_PATCH_INVALID'],
  ])('refuses a patch that is %s', async (_, patch, code) => {
    const doc = await pipelineOf([stage('odd', [], 'intent', () => patch as Patch<'intent'>)]).enrich(message);
    expect(doc.faults).toEqual([{ stage: 'odd@1', code, kind: 'bug' }]);
    expect(doc.ann).toEqual({});
  });

  it('rejects a message that is none, and an aborted signal', async () => {
    const p = pipelineOf([language()]);
    await expect(p.enrich({ id: 'm', conversationId: 'c' })).rejects.toMatchObject({ code: 'MESSAGE_EMPTY' });
    await expect(p.enrich(message, { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop');
  });

  it('stops a running stage when the caller aborts', async () => {
    const stop = new AbortController();
    const waits = stage('waits', [], 'intent', (_, ctx) => new Promise((_resolve, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason as Error))));
    const result = pipelineOf([waits]).enrich(message, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 5);
    await expect(result).rejects.toThrow('enough');
  });

  it('rejects when the caller aborts, also where the stage does not listen', async () => {
    await expect(pipelineOf([stage('deaf', [], 'intent', never)]).enrich(message, { signal: AbortSignal.timeout(10) })).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it.each([NaN, -1, 0, 'x'])('refuses the limit %s', (limit) => {
    expect(() => pipeline({ budgetMs: limit as number })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(() => withDeadline(language(), limit as number)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });

  it('names the stage that cannot open for an unclassified reason', async () => {
    const broken = stage('broken', [], 'intent', () => ({}), { open: () => Promise.reject(new Error('no file')) });
    await expect(pipelineOf([broken]).enrich(message)).rejects.toMatchObject({ code: 'INTERNAL', details: { where: 'opening broken@1' } });
  });

  it('opens each stage once, also inside combinators, and closes it', async () => {
    const log: string[] = [];
    const tracked = (name: string, slot: Slot) => stage(name, [], slot, () => ({}), { open: async () => void log.push(`open ${name}`), close: async () => void log.push(`close ${name}`) });
    const p = pipelineOf([optional(tracked('a', 'language')), parallel(tracked('b', 'intent'), tracked('c', 'media'))]);
    await Promise.all([p.enrich(message), p.enrich(message)]);
    await p.close();
    await p.close();
    expect(log).toEqual(['open a', 'open b', 'open c', 'close a', 'close b', 'close c']);
    await expect(p.enrich(message)).rejects.toMatchObject({ code: 'PIPELINE_NOT_OPEN' });
  });

  it('rejects when a stage cannot open', async () => {
    const p = pipelineOf([stage('peerless', [], 'intent', () => ({}), { open: () => Promise.reject(colloquyError('STAGE_PEER_MISSING', { stage: 'peerless@1', peer: 'x' })) })]);
    await expect(p.enrich(message)).rejects.toMatchObject({ code: 'STAGE_PEER_MISSING', kind: 'config' });
  });

  it('computes a view once for all stages of a message', async () => {
    const words = viewKey<string[]>('words');
    let made = 0;
    const reads = (name: string, slot: Slot) => stage(name, [], slot, (doc, ctx) => (ctx.view(words, () => (made++, doc.text.split(' '))), {}));
    const p = pipelineOf([reads('a', 'language'), reads('b', 'intent')]);
    await p.enrich(message);
    await p.enrich(message);
    expect(made).toBe(2);
  });
});

describe('order', () => {
  it('refuses a stage whose need no earlier stage provides', () => {
    const needy = stage('needy', ['language'], 'sentiment', () => score(0));
    expect(() => pipelineOf([needy])).toThrow(expect.objectContaining({ code: 'PIPELINE_NEED_UNMET' }));
    expect(() => pipelineOf([needy, language()])).toThrow('Stage needy@1 needs language; found before it: nothing.');
    expect(() => pipelineOf([parallel(language(), needy)])).toThrow(expect.objectContaining({ code: 'PIPELINE_NEED_UNMET' }));
    expect(() => pipelineOf([language(), language()])).toThrow(expect.objectContaining({ code: 'PIPELINE_STAGE_DUPLICATE' }));
  });

  it('describes itself', () => {
    const p = pipelineOf([language(), optional(stage('score', ['language'], 'sentiment', () => score(0)))]);
    expect(p.describe()).toBe('language@1 [] -> [language]\noptional@1 [language] -> [sentiment]\n  score@1 [language] -> [sentiment]');
    expect(p.ids()).toEqual(['language@1', 'score@1']);
  });
});

describe('combinators', () => {
  it('parallel joins what its parts add; one failing part costs only its own', async () => {
    const slow = stage('slow', [], 'sentiment', () => new Promise((resolve) => setTimeout(() => resolve(score(1)), 5)));
    const doc = await pipelineOf([parallel(slow, language(), boom())]).enrich(message);
    expect(Object.keys(doc.ann).sort()).toEqual(['language', 'sentiment']);
    expect(doc.faults).toEqual([{ stage: 'boom@1', code: 'STAGE_FAILED', kind: 'bug' }]);
  });

  it('parallel refuses two owners of one slot', () => {
    expect(() => parallel(language(), stage('other', [], 'language', () => spanish))).toThrow(expect.objectContaining({ code: 'PIPELINE_SLOT_CONFLICT' }));
  });

  it('when runs its stage on the chosen messages only; who needs it is passed over without a fault', async () => {
    const p = pipelineOf([when((doc: Doc) => doc.text === 'hola', language()), stage('needy', ['language'], 'sentiment', () => score(1))]);
    expect((await p.enrich(message)).ann.sentiment?.score).toBe(1);
    const other = await p.enrich({ ...message, text: 'adiós' });
    expect([other.ann, other.faults]).toEqual([{}, []]);
  });

  it('optional turns every failure into a fault of kind fault, also deeper inside', async () => {
    const doc = await pipelineOf([optional(parallel(boom('a'), language()))]).enrich(message);
    expect(doc.faults).toEqual([{ stage: 'a@1', code: 'STAGE_FAILED', kind: 'fault' }]);
  });

  it('withDeadline gives up, tells the stage, and drops the late answer and late faults', async () => {
    let told = false;
    const late = stage('late', [], 'intent', (_, ctx) => {
      ctx.signal.addEventListener('abort', () => {
        told = true;
        ctx.fault(colloquyError('MEDIA_CORRUPT'));
      });
      return never();
    });
    const doc = await pipelineOf([withDeadline(late, 10), language()]).enrich(message);
    expect(doc.faults).toEqual([{ stage: 'late@1', code: 'STAGE_DEADLINE', kind: 'fault' }]);
    expect([told, doc.ann.language?.code, doc.ann.intent]).toEqual([true, 'es', undefined]);
  });

  it('the budget of a message bounds all its stages together', async () => {
    const hangs = (name: string, slot: Slot) => stage(name, [], slot, never as never);
    const doc = await pipelineOf([hangs('a', 'intent'), hangs('b', 'media')], { budgetMs: 20 }).enrich(message);
    expect(doc.faults.map(({ stage: id, code }) => [id, code])).toEqual([['a@1', 'STAGE_DEADLINE'], ['b@1', 'STAGE_DEADLINE']]);
  });
});

describe('enrichMany', () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => ({ ...message, id: `m${i}`, text: `t${i}` }));

  it('answers in the order of the input with bounded concurrency', async () => {
    let running = 0;
    let most = 0;
    const busy = stage('busy', [], 'sentiment', async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
      running--;
      return score(0);
    });
    const ids: string[] = [];
    for await (const doc of pipelineOf([busy]).enrichMany(many(50), { concurrency: 3, batchSize: 4 })) ids.push(doc.id);
    expect(ids).toEqual(many(50).map(({ id }) => id));
    expect(most).toBeLessThanOrEqual(3);
  });

  it('uses the batch path, and finds the guilty message of a failing batch', async () => {
    const sizes: number[] = [];
    const process = (doc: Doc) => {
      if (doc.text === 't3') throw new Error('t3');
      return score(0.1);
    };
    const batching = stage('batching', [], 'sentiment', process, { processBatch: (docs) => (sizes.push(docs.length), docs.map(process)) });
    const faults: number[] = [];
    for await (const doc of pipelineOf([batching]).enrichMany(many(10), { batchSize: 5 })) faults.push(doc.faults.length);
    expect(sizes).toEqual([5, 5]);
    expect(faults).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  });

  it('charges a message only for the time of its own stages', async () => {
    const slow = stage('slow', [], 'sentiment', () => new Promise((resolve) => setTimeout(() => resolve(score(0)), 20)));
    const faults: string[] = [];
    for await (const doc of pipelineOf([slow], { budgetMs: 150 }).enrichMany(many(16), { batchSize: 16 })) faults.push(...doc.faults.map(({ code }) => code));
    expect(faults).toEqual([]);
  });

  it('bounds a batch that hangs by the budget, and then runs each message alone', async () => {
    const hanging = stage('hanging', [], 'sentiment', () => score(0.3), { processBatch: () => new Promise(() => undefined) });
    const scores: (number | undefined)[] = [];
    for await (const doc of pipelineOf([hanging], { budgetMs: 40 }).enrichMany(many(4), { batchSize: 4 })) scores.push(doc.ann.sentiment?.score);
    expect(scores).toEqual([0.3, 0.3, 0.3, 0.3]);
  });

  it('refuses a batch answer of the wrong length', async () => {
    const short = stage('short', [], 'sentiment', () => score(1), { processBatch: () => [] });
    for await (const doc of pipelineOf([short]).enrichMany(many(2), { batchSize: 2 })) expect(doc.ann.sentiment?.score).toBe(1);
  });

  it('stops reading its input when the reader stops', async () => {
    let read = 0;
    function* endless() {
      for (;;) yield { ...message, id: `m${read++}` };
    }
    for await (const doc of pipeline().use(language()).enrichMany(endless(), { concurrency: 2, batchSize: 2 })) if (doc.id === 'm5') break;
    expect(read).toBeLessThan(20);
  });

  it('aborts by signal', async () => {
    const stop = new AbortController();
    const run = async () => {
      for await (const doc of pipelineOf([language()]).enrichMany(many(100), { signal: stop.signal, batchSize: 1 })) if (doc.id === 'm2') stop.abort(new Error('stop'));
    };
    await expect(run()).rejects.toThrow('stop');
  });
});

it('process tells the errors behind the faults', async () => {
  const p = pipelineOf([boom(), optional(boom('b'))]);
  const [result] = await p.process([{ id: 'm', conversationId: 'c', at: '2026-03-02T10:00:00.000Z', author: { id: 'c', role: 'customer' }, channel: 'x', direction: 'inbound', text: 'x', media: [], meta: {} }]);
  expect(result?.failures.map(({ stage: id, kind, error }) => [id, kind, error.code, (error.cause as Error).message])).toEqual([
    ['boom@1', 'bug', 'STAGE_FAILED', 'private words'],
    ['b@1', 'fault', 'STAGE_FAILED', 'private words'],
  ]);
});
