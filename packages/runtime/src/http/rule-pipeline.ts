import { pipeline, type Entity, type Pipeline, type Stage } from '@colloquy/core';

/** Test pipeline with results that can be told in advance: entities by pattern, intent and sentiment by word, faults on request. */
export function rulePipeline(): Pipeline {
  return pipeline().use(entities).use(intent).use(sentiment).use(failing) as unknown as Pipeline;
}

const patterns: readonly (readonly [string, RegExp])[] = [
  ['email', /[\w.]+@[\w.]+\w/g],
  ['money', /\$\d+/g],
  ['phone', /\+\d{10,}/g],
];

const entities: Stage<never, 'entities'> = {
  id: 'extract-entities@1',
  requires: [],
  provides: ['entities'],
  process: ({ text }) => {
    const found = patterns.flatMap(([type, pattern]) =>
      [...text.matchAll(pattern)].map((match): Entity => ({ type, part: 'text', start: match.index, end: match.index + match[0].length, text: match[0], score: 1, value: { kind: 'text', text: match[0] } })),
    );
    return { entities: { source: { stage: 'extract-entities@1' }, score: 1, items: found.sort((a, b) => a.start - b.start) } };
  },
};

const intent: Stage<never, 'intent'> = {
  id: 'classify-intent@1',
  requires: [],
  provides: ['intent'],
  process: ({ text }, { explain }) => {
    const name = /price|\$/.test(text) ? 'ask_price' : /hello/i.test(text) ? 'greeting' : 'out_of_scope';
    const why = { summary: `The words speak for ${name}.`, evidence: [{ what: 'word list', weight: 1 }], threshold: 0.5, runnerUp: { name: 'small_talk', score: 0.1 } };
    return { intent: { name, score: 0.9, alternatives: [{ name: 'small_talk', score: 0.1 }], source: { stage: 'classify-intent@1' }, ...(explain ? { why } : {}) } };
  },
};

const sentiment: Stage<never, 'sentiment'> = {
  id: 'score-sentiment@1',
  requires: [],
  provides: ['sentiment'],
  process: ({ text }) => {
    const score = /bad|awful/.test(text) ? -0.8 : /good|great/.test(text) ? 0.7 : 0;
    return { sentiment: { label: score < 0 ? 'negative' : score > 0 ? 'positive' : 'neutral', score, intensity: Math.abs(score), source: { stage: 'score-sentiment@1' } } };
  },
};

const failing: Stage<never, 'language'> = {
  id: 'identify-language@1',
  requires: [],
  provides: ['language'],
  process: ({ text }) => {
    if (text.includes('#fault')) throw new Error('as asked');
    return { language: { code: /[¿áé]/.test(text) ? 'es' : 'en', score: 1, alternatives: [], source: { stage: 'identify-language@1' } } };
  },
};
