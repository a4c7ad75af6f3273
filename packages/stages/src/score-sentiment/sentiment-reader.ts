import { loadPeer } from '../load-peer.js';
import { emojiWeights } from './emoji-weights.js';
import { english } from './english.js';
import { portuguese } from './portuguese.js';
import type { SentimentLanguage } from './sentiment-language.js';
import { phraseJoiner, sentimentTokens } from './sentiment-tokens.js';
import { spanish } from './spanish.js';
import { weighToken } from './weigh-token.js';
import type { WordWeights } from './word-weights.js';

/** What one word list says about a text. */
export interface SentimentReading {
  readonly language: string;
  /** The tokens that count, in order, with their weight in this place. */
  readonly words: readonly { readonly word: string; readonly weight: number }[];
  readonly sum: number;
}

/** Reads a text with one word list. */
export type SentimentReader = (text: string) => SentimentReading;

/** A reader for each language, by code, all of the package sentiment: AFINN for English, own lists for the rest. */
export async function sentimentReaders(stage: string, extra: WordWeights): Promise<ReadonlyMap<string, SentimentReader>> {
  const { default: Sentiment } = await loadPeer(stage, 'sentiment', () => import('sentiment'));
  const { default: afinn } = await loadPeer(stage, 'sentiment', () => import('sentiment/languages/en/index.js'));
  const analyzer = new Sentiment();
  const readerOf = (code: string, language: SentimentLanguage, base: WordWeights): [string, SentimentReader] => {
    const labels = joinedKeys({ ...base, ...language.weights, ...extra });
    // The package keeps its languages for the whole process and adds its emoji to the list it is given; ours come after.
    const name = `colloquy-${code}-${JSON.stringify(extra)}`;
    const isKnown = (token: string) => Object.hasOwn(labels, token);
    const starters = new Set(Object.keys(labels).flatMap((label) => (label.includes(phraseJoiner) ? [label.slice(0, label.indexOf(phraseJoiner))] : [])));
    const list = { isKnown, startsPhrase: (word: string) => starters.has(word) };
    const weightOf = (token: string) => (isKnown(token) ? (labels[token] ?? 0) : 0);
    const apply = (tokens: readonly string[], at: number, weight: number) => weighToken(tokens, at, weight, language, weightOf);
    analyzer.registerLanguage(name, { labels, scoringStrategy: { apply } });
    Object.assign(labels, emojiWeights);
    return [
      code,
      (text) => {
        const { calculation } = analyzer.analyze(sentimentTokens(text, list).join(' '), { language: name });
        const words = calculation.reverse().flatMap((found) => Object.entries(found).flatMap(([word, weight]) => (weight === 0 ? [] : [{ word: word.replaceAll(phraseJoiner, ' '), weight }])));
        return { language: code, words, sum: words.reduce((sum, { weight }) => sum + weight, 0) };
      },
    ];
  };
  return new Map([readerOf('en', english, afinn.labels), readerOf('es', spanish, {}), readerOf('pt', portuguese, {})]);
}

function joinedKeys(weights: WordWeights): Record<string, number> {
  return Object.fromEntries(Object.entries(weights).map(([word, weight]) => [word.replaceAll("'", '').replaceAll(' ', phraseJoiner), weight]));
}
