import { languageCues } from './language-cues.js';

export type SupportedLanguage = keyof typeof languageCues;

export const supportedLanguages = ['en', 'es', 'pt'] as const satisfies readonly SupportedLanguage[];

/** Letter statistics of a text: the mean score of its n-grams in each language; a language without any is left out. */
export type LetterScores = (text: string) => Readonly<Record<string, number>>;

export interface LanguageScores {
  /** Probabilities, best first, summing to 1; empty where the text has nothing to go by. */
  readonly ranked: readonly { readonly code: SupportedLanguage; readonly score: number }[];
  /** Why `ranked` is empty. */
  readonly nothing?: 'no words' | 'a name' | 'too few letters' | 'no known letter sequence';
  readonly words: number;
  /** Telling words that were found, in the order of the text. Sought in texts of at most two words. */
  readonly cues: readonly { readonly word: string; readonly code: SupportedLanguage }[];
}

export interface LanguageScoresOptions {
  /** Fewer letters than this in words that tell nothing by themselves: no answer. */
  readonly minLetters: number;
  /** Only the beginning of a text is read, up to this many UTF-16 code units. */
  readonly maxChars: number;
}

/** What is more than this many words long has letters enough; cues would only mislead where languages are mixed. */
const maxCueWords = 2;
// Both weights were chosen on the train and dev conversations of the fixtures: docs/stages/identify-language.md.
const letterWeight = 10;
const cueWeight = 8;

/** Reads words only: links, addresses, anything with a digit, laughter and `ok` tell no language. */
export function languageScores(text: string, letterScores: LetterScores, options: LanguageScoresOptions): LanguageScores {
  const typed = wordsOf(text.slice(0, options.maxChars));
  const words = typed.map((word) => word.toLowerCase());
  const cues = words.length <= maxCueWords ? cuesOf(words) : [];
  const none = (nothing: NonNullable<LanguageScores['nothing']>): LanguageScores => ({ ranked: [], nothing, words: words.length, cues });
  if (words.length === 0) return none('no words');
  if (cues.length === 0 && isName(typed)) return none('a name');
  const joined = words.join(' ');
  if (cues.length === 0 && joined.length - words.length + 1 < options.minLetters) return none('too few letters');
  const letters = letterScores(joined);
  const logits = supportedLanguages.map((code) => {
    const cued = cues.filter((cue) => cue.code === code).length;
    return letterWeight * Math.sqrt(words.length) * (letters[code] ?? 0) + cueWeight * cued;
  });
  if (logits.every((logit) => logit === 0)) return none('no known letter sequence');
  return { ranked: ranked(logits), words: words.length, cues };
}

const notLanguage = /(?:https?:\/\/|www\.)\S+|[^\s@]*@\S+|\p{L}*\d[\p{L}\d]*/gu;
const word = /\p{L}+(?:['’]\p{L}+)*/gu;
const soundOnly = /^(?:(?:j+[ae]+s*){2,}j*|(?:h+[ae]+){2,}h*|[jh][ae]|(?:[jh]+i+){2,}|(?:rs)+|k+|lo+l|ok(?:a?y|i)?|u+f+|a+h+|o+h+|e+h+|h*m+|x+d+)$/iu;

function wordsOf(text: string): readonly string[] {
  const found = text.normalize('NFC').replace(notLanguage, ' ').match(word) ?? [];
  return found.map((each) => each.replaceAll('’', "'")).filter((each) => !soundOnly.test(each));
}

function cuesOf(words: readonly string[]): LanguageScores['cues'] {
  return words.flatMap((each) => supportedLanguages.filter((code) => languageCues[code].has(each)).map((code) => ({ word: each, code })));
}

/** Two to four words, each with a capital first and small letters after it. */
function isName(words: readonly string[]): boolean {
  return words.length >= 2 && words.length <= 4 && words.every((each) => /^\p{Lu}\p{Ll}+$/u.test(each));
}

/** Softmax, best first. */
function ranked(logits: readonly number[]): LanguageScores['ranked'] {
  const highest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return supportedLanguages
    .map((code, index) => ({ code, score: (powers[index] as number) / sum }))
    .sort((a, b) => b.score - a.score);
}
