import type { StageFactory } from '@colloquy/core';

/** Stage id → what loads its factory. */
export type StageRegistry = Readonly<Record<string, () => Promise<StageFactory>>>;

/** The built-in stages, sorted; each is loaded only when a configuration names it. */
export const stageRegistry: StageRegistry = {
  'classify-intent@1': async () => (await import('@colloquy/stages/classify-intent')).classifyIntent as unknown as StageFactory,
  'extract-entities@1': async () => (await import('@colloquy/stages/extract-entities')).extractEntities as unknown as StageFactory,
  'identify-language@1': async () => (await import('@colloquy/stages/identify-language')).identifyLanguage as unknown as StageFactory,
  'process-media@1': async () => (await import('@colloquy/stages/process-media')).processMedia as unknown as StageFactory,
  'score-sentiment@1': async () => (await import('@colloquy/stages/score-sentiment')).scoreSentiment as unknown as StageFactory,
};
