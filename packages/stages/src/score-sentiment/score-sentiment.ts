import { colloquyError, defineStage, type Doc, type Explanation, type Patch, type SentimentLabel } from '@colloquy/core';
import { z } from 'zod';
import { sentimentReaders, type SentimentReader, type SentimentReading } from './sentiment-reader.js';

const id = 'score-sentiment@1';

const options = z.strictObject({
  threshold: z.number().min(0.01).max(1).default(0.3).describe('Polarity from which a message counts as positive, and below minus which as negative.'),
  maxChars: z.int().min(16).max(65_536).default(4_000).describe('Only the beginning of a text is read, up to this many UTF-16 code units.'),
  words: z
    .record(z.string().regex(/^\p{Ll}[\p{Ll}\p{N} ]*$/u, 'expected words in lower case'), z.number().min(-5).max(5))
    .default({})
    .describe('Your own words and phrases (up to four words, lower case, no accents) with their polarity from -5 to 5, in all languages; 0 takes a word off the lists.'),
});

/** Polarity, label and intensity of the text and captions, by word lists in English, Spanish and Portuguese. No annotation without text. */
export const scoreSentiment = defineStage({
  id,
  summary: 'How positive or negative the text is, by word lists',
  requires: [],
  provides: ['sentiment'],
  options,
  create: ({ threshold, maxChars, words }) => {
    let opened: ReadonlyMap<string, SentimentReader> | undefined;
    return {
      open: async () => {
        opened = await sentimentReaders(id, words);
      },
      close: async () => {
        opened = undefined;
      },
      process: (doc, ctx): Patch<'sentiment'> => {
        if (opened === undefined) throw colloquyError('PIPELINE_NOT_OPEN');
        const text = textOf(doc, maxChars);
        if (text.trim() === '') return {};
        const reading = read(text, doc.ann.language?.code, opened);
        const emphasis = emphasisOf(text);
        const score = squashed(reading.sum * emphasis);
        const label = labelOf(score, threshold);
        const intensity = squashed(reading.words.reduce((sum, { weight }) => sum + Math.abs(weight), 0) * emphasis);
        return { sentiment: { label, score, intensity, source: { stage: id }, ...(ctx.explain ? { why: explanationOf(reading, emphasis, score, threshold) } : {}) } };
      },
    };
  },
});

function textOf(doc: Doc, maxChars: number): string {
  return [doc.text, ...doc.media.map(({ caption }) => caption ?? '')].join('\n').slice(0, maxChars);
}

/** With the list of the message's language; without one, with the list that knows most of its words. */
function read(text: string, language: string | undefined, readers: ReadonlyMap<string, SentimentReader>): SentimentReading {
  const reader = readers.get(language ?? '');
  if (reader !== undefined) return reader(text);
  const readings = [...readers.values()].map((each) => each(text));
  return readings.reduce((best, reading) => (reading.words.length > best.words.length ? reading : best));
}

/** Exclamation marks and capitals make a feeling stronger, not other. */
function emphasisOf(text: string): number {
  const letters = text.replace(/\P{L}/gu, '');
  const isShouted = letters.length >= 8 && letters.replace(/\P{Lu}/gu, '').length > 0.8 * letters.length;
  const exclamations = Math.min(3, text.replace(/[^!]/g, '').length);
  return (isShouted ? 1.25 : 1) * (1 + 0.1 * exclamations);
}

/** x / √(x² + 15), as VADER does it (Hutto and Gilbert, 2014); four decimals. */
function squashed(sum: number): number {
  const rounded = Math.round((sum / Math.sqrt(sum * sum + 15)) * 10_000) / 10_000;
  return rounded === 0 ? 0 : rounded;
}

function labelOf(score: number, threshold: number): SentimentLabel {
  if (score >= threshold) return 'positive';
  return score <= -threshold ? 'negative' : 'neutral';
}

/** The twenty heaviest words. */
function explanationOf({ language, words, sum }: SentimentReading, emphasis: number, score: number, threshold: number): Explanation {
  const evidence = words.map(({ word, weight }) => ({ what: word, weight })).sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  const strength = emphasis === 1 ? '' : `, times ${emphasis.toFixed(2)} for capitals and exclamation marks`;
  return { summary: `${words.length} words of the list ${language} add up to ${sum.toFixed(2)}${strength}: ${score}`, evidence: evidence.slice(0, 20), threshold };
}
