import { colloquyError, defineStage, type Explanation, type LanguageAnnotation, type Patch } from '@colloquy/core';
import { z } from 'zod';
import { loadPeer } from '../load-peer.js';
import { languageScores, supportedLanguages, type LanguageScores, type LetterScores } from './language-scores.js';

const id = 'identify-language@1';

const options = z.strictObject({
  threshold: z.number().min(0).max(1).default(0.5).describe('The answer is `unknown` where the best language has a lower probability than this.'),
  minLetters: z.int().min(1).default(4).describe('The answer is `unknown` for texts with fewer letters, unless a word tells by itself.'),
  maxChars: z.int().min(16).default(1_000).describe('Only the beginning of a text is read, up to this many UTF-16 code units.'),
});

/** The main language of the text: en, es, pt or `unknown`. A message without text gets no annotation. */
export const identifyLanguage = defineStage({
  id,
  summary: 'The language of the text: en, es, pt or unknown',
  requires: [],
  provides: ['language'],
  options,
  create: (settings) => {
    let letterScores: LetterScores | undefined;
    return {
      open: async () => {
        letterScores = await openLetterScores();
      },
      close: async () => {
        letterScores = undefined;
      },
      process: (doc, ctx): Patch<'language'> => {
        if (doc.text.trim() === '') return {};
        if (letterScores === undefined) throw colloquyError('PIPELINE_NOT_OPEN');
        const scores = languageScores(doc.text, letterScores, settings);
        const language = annotationOf(scores, settings.threshold);
        return { language: ctx.explain ? { ...language, why: explanationOf(scores, settings.threshold) } : language };
      },
    };
  },
});

/** eld's small n-gram tables, as an instance of its own: its choice of languages is a setting of the instance. */
async function openLetterScores(): Promise<LetterScores> {
  const { eld } = await loadPeer(id, 'eld', () => import('eld/small'));
  const detector = eld.newInstance();
  detector.setLanguageSubset([...supportedLanguages]);
  return (text) => detector.detect(text).getScores();
}

function annotationOf({ ranked }: LanguageScores, threshold: number): LanguageAnnotation {
  const candidates = ranked.map(({ code, score }) => ({ code, score: rounded(score) }));
  const [best, ...others] = candidates;
  const source = { stage: id };
  if (best !== undefined && best.score >= threshold) return { code: best.code, score: best.score, alternatives: others, source };
  return { code: 'unknown', score: rounded(1 - (best?.score ?? 0)), alternatives: candidates, source };
}

function explanationOf({ ranked, nothing, words, cues }: LanguageScores, threshold: number): Explanation {
  const [best, second] = ranked.map(({ code, score }) => ({ name: code, score: rounded(score) }));
  if (best === undefined) return { summary: `nothing to tell a language by: ${nothing}`, evidence: [], threshold };
  const basis = cues.length > 0 ? 'telling words and letter sequences' : 'letter sequences';
  const verdict = best.score < threshold ? `${best.name} is likeliest but below the threshold` : `${best.name} is likeliest`;
  return {
    summary: `${verdict}, by ${basis} of ${words} ${words === 1 ? 'word' : 'words'}`,
    evidence: [
      ...cues.map(({ word, code }) => ({ what: `the word "${word}" is ${code}`, weight: 1 })),
      ...ranked.map(({ code, score }) => ({ what: code, weight: rounded(score) })),
    ],
    threshold,
    ...(second === undefined ? {} : { runnerUp: second }),
  };
}

function rounded(score: number): number {
  return Math.round(score * 10_000) / 10_000;
}
