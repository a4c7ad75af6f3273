import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createDoc, parseMessage, pipeline, type Doc, type IntentAnnotation, type LanguageAnnotation, type MessageInput, type ModelArtefact, type ModelStore } from '@colloquy/core';
import { model } from '@colloquy/model-intent-service-chat-nlpjs';
import { stageContext, stageSuite } from '@colloquy/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { classifyIntent } from './classify-intent.js';

const models: ModelStore = { load: async () => model };
const stage = classifyIntent({}, { models });
beforeAll(() => stage.open?.());
afterAll(() => stage.close?.());

const samples: readonly MessageInput[] = ['cuanto cobran por destapar un caño?', 'can you send me the receipt', 'quero cancelar a visita de amanhã', '🛸'].map((text, index) => ({
  id: `sample-${index}`,
  conversationId: 'c',
  text,
}));

stageSuite({ name: 'classify-intent@1', create: () => classifyIntent({}, { models }), samples });

function docOf(text: string, more: Partial<Doc> = {}): Doc {
  return { ...createDoc(parseMessage({ id: 'm', conversationId: 'c', text })), ...more } as Doc;
}

async function intentOf(doc: Doc, explain = false, by = stage): Promise<IntentAnnotation | undefined> {
  return (await by.process(doc, stageContext({ explain }))).intent;
}

/** The shipped model with its manifest or bytes changed. */
function altered(manifest: object, bytes?: Uint8Array): ModelStore {
  const artefact: ModelArtefact = { manifest: { ...model.manifest, ...manifest }, read: async (file) => bytes ?? model.read(file) };
  return { load: async () => artefact };
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('classify-intent', () => {
  it('names the intent with score, alternatives and model', async () => {
    const intent = await intentOf(docOf('hola buenas tardes'));
    expect(intent).toMatchObject({ name: 'greeting', source: { stage: 'classify-intent@1', model: 'intent/service-chat-nlpjs@0.1.0' } });
    expect(intent?.score).toBeGreaterThanOrEqual(intent?.alternatives[0]?.score ?? 1);
    expect(intent?.alternatives.map(({ name }) => name)).not.toContain('greeting');
    expect(intent?.alternatives.length).toBeLessThanOrEqual(3);
    expect(stage.models).toEqual(['intent/service-chat-nlpjs@0.1.0']);
  });

  it('answers out_of_scope where nothing is known', async () => {
    expect(await intentOf(docOf('xyzzy plugh'))).toEqual({ name: 'out_of_scope', score: 1, alternatives: [], source: { stage: 'classify-intent@1', model: 'intent/service-chat-nlpjs@0.1.0' } });
  });

  it('answers out_of_scope below the threshold and keeps the candidates', async () => {
    const strict = classifyIntent({ threshold: 1, maxAlternatives: 40 }, { models });
    await strict.open?.();
    const intent = await intentOf(docOf('hola buenas tardes'), false, strict);
    const usual = await intentOf(docOf('hola buenas tardes'));
    expect(intent?.name).toBe('out_of_scope');
    expect(intent?.alternatives[0]).toEqual({ name: 'greeting', score: usual?.score });
    expect(intent?.score).toBeCloseTo(1 - (usual?.score ?? 0), 3);
    expect(intent?.alternatives.map(({ score }) => score)).toEqual(intent?.alternatives.map(({ score }) => score).sort((a, b) => b - a));
  });

  it.each(['constructor', '__proto__ toString hasOwnProperty', 'valueOf constructor prototype'])('is not taken in by %s', async (text) => {
    expect(await intentOf(docOf(text))).toMatchObject({ name: 'out_of_scope', score: 1 });
  });

  it('leaves messages alone that have no text or are outbound', async () => {
    const withoutText = createDoc(parseMessage({ id: 'm', conversationId: 'c', media: [{ kind: 'image' }] }));
    expect(await intentOf(withoutText)).toBeUndefined();
    expect(await intentOf(docOf('hola', { direction: 'outbound' }))).toBeUndefined();
    const both = classifyIntent({ directions: ['inbound', 'outbound'] }, { models });
    await both.open?.();
    expect(await intentOf(docOf('hola', { direction: 'outbound' }), false, both)).toBeDefined();
  });

  it('leaves languages alone that the model was not trained on', async () => {
    const language = (code: string): LanguageAnnotation => ({ code, score: 1, alternatives: [], source: { stage: 'test@1' } });
    expect(await intentOf(docOf('bonjour', { ann: { language: language('fr') } } as Partial<Doc>))).toBeUndefined();
    for (const code of ['es', 'unknown']) expect(await intentOf(docOf('hola', { ann: { language: language(code) } } as Partial<Doc>))).toBeDefined();
  });

  it('explains: the tokens that spoke for it, threshold and runner-up', async () => {
    const why = (await intentOf(docOf('hola buenas tardes'), true))?.why;
    expect(why?.summary).toBe('greeting scores best, by the words and word beginnings the model learned');
    expect(why?.evidence.map(({ what }) => what)).toContain('"buenas"');
    expect(why?.evidence.length).toBeLessThanOrEqual(5);
    expect(why).toMatchObject({ threshold: 0.2, runnerUp: { name: expect.any(String) as string } });
    expect((await intentOf(docOf('xyzzy'), true))?.why).toMatchObject({ summary: 'no word of the text is known to the model', evidence: [] });
  });

  it('prints nothing', async () => {
    const writes = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write'), vi.spyOn(console, 'log'), vi.spyOn(console, 'warn')];
    const quiet = classifyIntent({}, { models });
    await quiet.open?.();
    await intentOf(docOf('hola buenas tardes'), true, quiet);
    await quiet.close?.();
    for (const write of writes) expect(write).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it('does not run before it is open', async () => {
    await expect(async () => classifyIntent({}, { models }).process(docOf('hola'), stageContext())).rejects.toMatchObject({ code: 'PIPELINE_NOT_OPEN' });
  });
});

describe('the model of classify-intent', () => {
  it('comes from its package where no model store is given', async () => {
    const alone = classifyIntent();
    await alone.open?.();
    expect(alone.models).toEqual(['intent/service-chat-nlpjs@0.1.0']);
    expect(await intentOf(docOf('hola buenas tardes'), false, alone)).toEqual(await intentOf(docOf('hola buenas tardes')));
  });

  it('is missed: MODEL_NOT_FOUND', async () => {
    await expect(classifyIntent({ model: 'intent/no-such-model' }).open?.()).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      details: { model: 'intent/no-such-model', package: '@colloquy/model-intent-no-such-model' },
    });
  });

  it.each([
    ['another format', () => altered({ format: 'nlpjs@5' }), /format nlpjs@5/],
    ['no weights in the manifest', () => altered({ files: {} }), /no weights\.json/],
    ['other bytes', () => altered({}, new TextEncoder().encode('{}')), /SHA-256/],
    ['other labels', () => altered({ labels: ['greeting'] }), /does not fit/],
    ['weights that are none', () => altered({ files: { 'weights.json': sha256(new Uint8Array(3)) } }, new Uint8Array(3)), /does not fit/],
    ['rows that are too short', () => {
      const bytes = new TextEncoder().encode(JSON.stringify({ features: ['=a'], intents: ['greeting'], perceptrons: [[1]], seenWith: [[0]] }));
      return altered({ labels: ['greeting'], files: { 'weights.json': sha256(bytes) } }, bytes);
    }, /does not fit/],
  ])('is refused with %s: MODEL_INVALID', async (_, store, message) => {
    await expect(classifyIntent({}, { models: store() }).open?.()).rejects.toMatchObject({ code: 'MODEL_INVALID', message: expect.stringMatching(message) as string });
  });

  it.each(['../x/y', 'intent', '@colloquy/core', 'Intent/X'])('cannot be named %s', (name) => {
    expect(() => classifyIntent({ model: name })).toThrow(expect.objectContaining({ code: 'STAGE_OPTION_INVALID' }));
  });
});

describe('classify-intent on the fixtures', () => {
  const splitOf = new Map(read<{ id: string; split: string }>('conversations').map(({ id, split }) => [id, split]));
  const byId = new Map(read<MessageInput>('messages').map((message) => [message.id, message]));
  const rows = read<{ id: string; intent: string }>('labels').map(({ id, intent }) => ({ intent, message: byId.get(id) as MessageInput }));
  const of = (split: string) => rows.filter(({ message }) => splitOf.get(message.conversationId) === split);
  const scores = (model.manifest as unknown as { scores: Record<string, { n: number; accuracy: number }> }).scores;
  const enriched = pipeline().use(classifyIntent({}, { models }));

  it.each(['dev', 'test'])('%s: scores what the manifest claims', async (split) => {
    const names = await Promise.all(of(split).map(async ({ message }) => (await enriched.enrich(message)).ann.intent?.name));
    const right = of(split).filter(({ intent }, index) => names[index] === intent).length;
    expect(names).toHaveLength(scores[split]?.n ?? 0);
    expect(Math.round((right / names.length) * 1_000) / 1_000).toBe(scores[split]?.accuracy);
  });

  it('answers 30 dev messages exactly as the golden file says', async () => {
    const golden = of('dev').filter((_, index) => index % 8 < 3);
    const answers = await Promise.all(golden.map(async ({ message }) => ({ id: message.id, ...(await enriched.enrich(message)).ann })));
    expect(answers).toHaveLength(30);
    await expect(`${JSON.stringify(answers, null, 2)}\n`).toMatchFileSnapshot('../../../../fixtures/golden/classify-intent.json');
  });
});

function read<Row>(file: string): readonly Row[] {
  const text = readFileSync(new URL(`../../../../fixtures/conversations/${file}.ndjson`, import.meta.url), 'utf8');
  return text.trimEnd().split('\n').map((line) => JSON.parse(line) as Row);
}
