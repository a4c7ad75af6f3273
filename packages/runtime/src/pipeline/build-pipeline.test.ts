import { defineStage, isColloquyError, memoryMediaStore, silentLogger, type ColloquyError, type StageFactory } from '@colloquy/core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { problemsOf } from '../config/config-problems.js';
import { loadConfig } from '../config/load-config.js';
import { buildPipeline } from './build-pipeline.js';
import type { StageRegistry } from './stage-registry.js';

const language = defineStage({
  id: 'language-of-a@1',
  summary: 'Every text is Spanish, unless the option says otherwise.',
  requires: [],
  provides: ['language'],
  options: z.strictObject({ code: z.string().default('es'), strictness: z.number().default(0) }),
  create: ({ code, strictness }) => ({
    process: () => ({ language: { code, alternatives: [], score: strictness, source: { stage: 'language-of-a@1' } } }),
  }),
});
const intent = defineStage({
  id: 'intent-of-a@1',
  summary: 'Every message is a greeting.',
  requires: ['language'],
  provides: ['intent'],
  options: z.strictObject({}),
  create: () => ({ process: () => ({ intent: { name: 'greeting', alternatives: [], score: 1, source: { stage: 'intent-of-a@1' } } }) }),
});
let opened = 0;
const counted = defineStage({
  id: 'counted@1',
  summary: 'Counts how often it is opened.',
  requires: [],
  provides: ['sentiment'],
  options: z.strictObject({}),
  create: () => ({
    open: async () => void opened++,
    process: () => ({ sentiment: { label: 'neutral', score: 0, intensity: 0, source: { stage: 'counted@1' } } }),
  }),
});
const peerless = defineStage({
  id: 'peerless@1',
  summary: 'Lacks its package.',
  requires: [],
  provides: ['entities'],
  options: z.strictObject({}),
  create: () => ({
    open: () => Promise.reject(Object.assign(new Error('no such package'), { name: 'ColloquyError', code: 'STAGE_PEER_MISSING', kind: 'config' })),
    process: () => ({}),
  }),
});

const registry: StageRegistry = Object.fromEntries([language, intent, counted, peerless].map((factory) => [factory.id, () => Promise.resolve(factory as unknown as StageFactory)]));
const build = (text: string, env = {}) => buildPipeline(loadConfig(text, { env }), { registry, baseDir: import.meta.dirname, ports: { media: memoryMediaStore() }, log: silentLogger });
const message = { id: 'm1', conversationId: 'c1', text: 'hola' };

async function refused(text: string): Promise<readonly ColloquyError[]> {
  const error = await build(text).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isColloquyError(error)) throw new Error('expected a refusal', { cause: error });
  return problemsOf(error);
}

describe('buildPipeline', () => {
  it('builds stages, options and combinators that then run', async () => {
    const pipeline = await build(`
pipeline:
  - { language-of-a@1: { code: pt, strictness: 0.5 } }
  - when: { language: pt, stage: intent-of-a@1 }
  - optional: { deadline: { ms: 1000, stage: counted@1 } }
`);
    const doc = await pipeline.enrich(message);
    expect(doc.ann).toMatchObject({ language: { code: 'pt', score: 0.5 }, intent: { name: 'greeting' }, sentiment: { label: 'neutral' } });
    expect(doc.faults).toEqual([]);
    expect(pipeline.ids()).toEqual(['language-of-a@1', 'intent-of-a@1', 'counted@1']);
  });

  it('passes a conditional stage over where a condition does not hold', async () => {
    const pipeline = await build('pipeline: [language-of-a@1, { when: { language: es, direction: outbound, stage: intent-of-a@1 } }]');
    expect((await pipeline.enrich(message)).ann.intent).toBeUndefined();
    expect((await pipeline.enrich({ ...message, direction: 'outbound' })).ann.intent?.name).toBe('greeting');
  });

  it('opens each stage once', async () => {
    opened = 0;
    const pipeline = await build('pipeline: [counted@1]');
    await pipeline.enrich(message);
    expect(opened).toBe(1);
  });

  it('converts options from the environment', async () => {
    const pipeline = await build("pipeline: [{ language-of-a@1: { strictness: '${STRICT}' } }]", { STRICT: '0.25' });
    expect((await pipeline.enrich(message)).ann.language?.score).toBe(0.25);
  });

  it('tells unknown stages with the known ones, and unknown options, at once', async () => {
    const problems = await refused('pipeline:\n  - language-of-a@1: { cod: es, strictness: high }\n  - optional: intent-of-b@1\n  - peerless@1\n');
    expect(problems.map(({ code, message: text }) => [code, text])).toEqual([
      ['STAGE_OPTION_INVALID', 'Stage language-of-a@1, option strictness: found "high"; expected a number (line 2). See docs/stages/language-of-a.md.'],
      ['STAGE_OPTION_INVALID', 'Stage language-of-a@1, option cod: found an unknown key; expected only documented ones (line 2). See docs/stages/language-of-a.md.'],
      ['CONFIG_STAGE_UNKNOWN', 'pipeline.1: found the unknown stage intent-of-b@1; expected one of counted@1, intent-of-a@1, language-of-a@1, peerless@1.'],
      ['STAGE_PEER_MISSING', 'no such package'],
    ]);
  });

  it('tells problems of the file together with those of the stages', async () => {
    const codes = (await refused('http: { port: x }\npipeline: [intent-of-a@1, intent-of-b@1]')).map(({ code }) => code);
    expect(codes).toEqual(['CONFIG_INVALID', 'CONFIG_STAGE_UNKNOWN']);
    expect((await refused('dataDir: ""\npipeline: [language-of-a]')).map(({ details }) => details['path'])).toEqual(['pipeline.0', 'dataDir']);
  });

  it('tells unmet needs, doubles and shared slots', async () => {
    const codes = async (text: string) => (await refused(text)).map(({ code, details }) => [code, details['stage'] ?? details['slot']]);
    expect(await codes('pipeline: [intent-of-a@1, language-of-a@1, language-of-a@1]')).toEqual([
      ['PIPELINE_NEED_UNMET', 'intent-of-a@1'],
      ['PIPELINE_STAGE_DUPLICATE', 'language-of-a@1'],
    ]);
    expect(await codes('pipeline: [{ parallel: [language-of-a@1, language-of-a@1] }]')).toEqual([['PIPELINE_SLOT_CONFLICT', 'language']]);
    expect(await codes('pipeline: [{ when: { language: es, stage: counted@1 } }]')).toEqual([['PIPELINE_NEED_UNMET', 'pipeline.0.when']]);
  });

  it('loads stages of modules, and tells which module has none', async () => {
    const problems = await refused('modules: [./build-pipeline.ts, ./nowhere.js]\npipeline: [language-of-a@1]');
    expect(problems.map(({ code, details }) => [code, details['path'], details['module']])).toEqual([
      ['CONFIG_MODULE_INVALID', 'modules.0', './build-pipeline.ts'],
      ['CONFIG_MODULE_INVALID', 'modules.1', './nowhere.js'],
    ]);
  });
});
