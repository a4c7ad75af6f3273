import type { NumberToken } from './number-tokens.js';
import { numberJoiners, numberWords, type NumberWord } from './number-words.js';
import { parseDigits, type NumberStyle } from './parse-digits.js';

export interface ReadNumber {
  readonly value: number;
  /** The token after its last. */
  readonly next: number;
  /** In words, at least partly. */
  readonly isWritten: boolean;
  /** A word that is a number only before a unit: un, one, mil. */
  readonly isWeak: boolean;
}

/** The number that begins at token `at`: 1,500 · 2.5k · 3 mil 200 · dos mil quinientos · two hundred and five. */
export function readNumber(tokens: readonly NumberToken[], at: number, style: NumberStyle, language: string | undefined): ReadNumber | undefined {
  const first = tokens[at];
  if (first === undefined || first.kind === 'sign') return undefined;
  if (first.kind === 'word') return numberWordOf(first, language) === undefined ? undefined : compose(tokens, at, undefined, language);
  const value = parseDigits(first.text, style);
  if (value === undefined) return undefined;
  const after = tokens[at + 1];
  if (after?.isGlued && after.text === 'k') return { value: rounded(value * 1_000), next: at + 2, isWritten: false, isWeak: false };
  if (after !== undefined && !after.isApart && numberWordOf(after, language)?.kind === 'scale') return compose(tokens, at + 1, value, language);
  return { value, next: at + 1, isWritten: false, isWeak: false };
}

/** Adds word after word as long as they make one number; `group` is a number in digits before the first. */
function compose(tokens: readonly NumberToken[], at: number, group: number | undefined, language: string | undefined): ReadNumber | undefined {
  let total = 0;
  let current = group;
  let scale = Infinity;
  let next = at;
  let isWeak = group === undefined;
  for (;;) {
    const { token, index } = afterJoiner(tokens, next, next > at);
    if (token === undefined || (index > at && token.isApart)) break;
    const word = numberWordOf(token, language) ?? tailDigits(token, scale, current);
    if (word === undefined) break;
    if (word.kind === 'scale') {
      if (word.value >= scale) break;
      total += (current ?? 1) * word.value;
      current = undefined;
      scale = word.value;
    } else {
      const sum = added(current, word);
      if (sum === undefined || sum >= scale) break;
      current = sum;
    }
    isWeak = isWeak && word.isWeak && next === at;
    next = index + 1;
  }
  return next === at ? undefined : { value: rounded(total + (current ?? 0)), next, isWritten: true, isWeak };
}

function numberWordOf(token: NumberToken, language: string | undefined): NumberWord | undefined {
  const word = token.kind === 'word' ? numberWords.get(token.text) : undefined;
  return word?.only === undefined || word.only === language ? word : undefined;
}

/** `3 mil 200`: digits below the scale that stands before them. */
function tailDigits(token: NumberToken, scale: number, current: number | undefined): NumberWord | undefined {
  const isTail = scale === 1_000 && current === undefined && token.kind === 'digits' && /^[1-9]\d{2}$/.test(token.text);
  return isTail ? { value: Number(token.text), kind: 'hundred', isWeak: false } : undefined;
}

function afterJoiner(tokens: readonly NumberToken[], at: number, mayJoin: boolean): { readonly token: NumberToken | undefined; readonly index: number } {
  const token = tokens[at];
  const isJoiner = mayJoin && token !== undefined && !token.isApart && numberJoiners.has(token.text);
  return isJoiner ? { token: tokens[at + 1], index: at + 1 } : { token, index: at };
}

/** The group with one more word; nothing where they are two numbers: `dos tres`, `five twenty`. */
function added(current: number | undefined, { kind, value }: NumberWord): number | undefined {
  if (kind === 'times') return current === undefined ? value : current >= 1 && current < 100 ? current * value : undefined;
  if (current === undefined) return value;
  if (current === 0 || !Number.isInteger(current)) return undefined;
  const room = kind === 'unit' ? (current % 10 === 0 && current % 100 !== 10 ? 10 : 0) : kind === 'hundred' ? 0 : current % 100 === 0 ? 100 : 0;
  return value > 0 && value < room ? current + value : undefined;
}

/** 1.1 × 1,000 is 1,100 to a reader. */
function rounded(value: number): number {
  return Number(value.toPrecision(15));
}
