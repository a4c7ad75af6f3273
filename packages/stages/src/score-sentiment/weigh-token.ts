import type { SentimentLanguage } from './sentiment-language.js';
import { clauseEnd } from './sentiment-tokens.js';

/**
 * The weight of a token in its place: stronger behind `muy`, weaker behind `algo`, turned round behind `no` within three words of the
 * same clause (blame less than praise, since `no está mal` is no praise). `muy` and the like say nothing themselves before another word that counts.
 */
export function weighToken(tokens: readonly string[], at: number, weight: number, language: SentimentLanguage, weightOf: (token: string) => number): number {
  const token = tokens[at] ?? '';
  const before = tokens[at - 1] ?? '';
  if (language.boosters.has(token) && weightOf(tokens[at + 1] ?? '') !== 0) return 0;
  const strength = language.boosters.has(before) ? 1.4 : language.dampers.has(before) ? 0.6 : 1;
  if (!/^\p{L}/u.test(token) || !isNegated(tokens, at, language, weightOf)) return weight * strength;
  return weight * strength * (weight > 0 ? -0.8 : -0.4);
}

function isNegated(tokens: readonly string[], at: number, language: SentimentLanguage, weightOf: (token: string) => number): boolean {
  for (let back = 1; back <= 3; back++) {
    const token = tokens[at - back];
    if (token === undefined || token === clauseEnd) return false;
    if (language.negators.has(token)) return true;
    if (weightOf(token) !== 0 && !language.boosters.has(token)) return false;
  }
  return false;
}
