import { textView } from '@colloquy/core';
import type { EntityCandidate, Recogniser } from './entity-candidate.js';
import { currencyOf, singularReal, unitsAfter, unitsBefore, type MoneyUnit } from './money-units.js';
import { numberTokens, type NumberToken } from './number-tokens.js';
import type { NumberStyle } from './parse-digits.js';
import { readNumber, type ReadNumber } from './read-number.js';

/** Numbers and amounts of money, in digits and in words. `defaultCountry` tells what `$` and `peso` mean. */
export function numberRecogniser({ defaultCountry }: { readonly defaultCountry: string }): Recogniser {
  return (text, { languages }) => {
    const language = languages[0];
    const view = textView(text);
    const tokens = numberTokens(view.text);
    const found: EntityCandidate[] = [];
    for (let at = 0; at < tokens.length; ) {
      const amount = readAmount(tokens, at, language);
      if (amount === undefined) {
        at += 1;
        continue;
      }
      at = amount.number.next;
      const first = tokens[amount.first] as NumberToken;
      const last = tokens[amount.last] as NumberToken;
      const candidate = amount.unit === undefined ? numberOf(amount, tokens) : moneyOf(amount.unit, amount, currencyOf(amount.unit, language, defaultCountry));
      if (candidate !== undefined) found.push({ ...candidate, ...view.original(first.start, last.end) });
    }
    return found;
  };
}

interface Amount {
  readonly number: ReadNumber;
  /** The token the number begins with. */
  readonly at: number;
  /** The tokens covered, unit included. */
  readonly first: number;
  readonly last: number;
  readonly unit?: MoneyUnit;
}

type Finding = Pick<EntityCandidate, 'type' | 'score' | 'value' | 'rule'>;

function readAmount(tokens: readonly NumberToken[], at: number, language: string | undefined): Amount | undefined {
  const token = tokens[at];
  if (token === undefined || token.kind === 'sign') return undefined;
  const before = unitBefore(tokens, at);
  const draft = readNumber(tokens, at, styleOf(language, before), language);
  if (draft === undefined) return undefined;
  const after = unitAfter(tokens, draft);
  const isPrice = before !== undefined || after !== undefined;
  const number = isPrice && !draft.isWritten ? (readNumber(tokens, at, priceStyle(before ?? after), language) ?? draft) : draft;
  const unit = [after, before].find((found) => found !== undefined && found !== 'dollar sign') ?? before ?? after;
  return {
    number,
    at,
    first: before === undefined ? at : at - 1,
    last: after === undefined ? number.next - 1 : number.next,
    ...(unit === undefined ? {} : { unit }),
  };
}

function styleOf(language: string | undefined, before: MoneyUnit | undefined): NumberStyle {
  if (language === 'pt' || before === 'BRL') return 'comma';
  return language === 'es' ? 'either' : 'point';
}

/** Nobody prices to the thousandth: a lone separator before three digits groups. */
function priceStyle(unit: MoneyUnit | undefined): NumberStyle {
  return unit === 'BRL' ? 'comma' : 'either';
}

function unitBefore(tokens: readonly NumberToken[], at: number): MoneyUnit | undefined {
  const number = tokens[at];
  const unit = tokens[at - 1];
  if (number === undefined || unit === undefined || number.isApart) return undefined;
  const isGluedWord = unit.isGlued && tokens[at - 2]?.kind === 'word' && unit.kind === 'word';
  return isGluedWord ? undefined : unitsBefore.get(unit.text);
}

function unitAfter(tokens: readonly NumberToken[], { next, value }: ReadNumber): MoneyUnit | undefined {
  const unit = tokens[next];
  if (unit === undefined || unit.isApart) return undefined;
  if (unit.text === singularReal) return value === 1 ? 'BRL' : undefined;
  const isNextPrice = unit.kind === 'sign' && (!unit.isGlued || tokens[next + 1]?.isGlued === true);
  return isNextPrice ? undefined : unitsAfter.get(unit.text);
}

function moneyOf(unit: MoneyUnit, { number }: Amount, currency: string | undefined): Finding {
  const rule = `amount with ${unit === 'dollar sign' ? 'a dollar sign' : unit}`;
  return { type: 'money', score: 0.95, value: { kind: 'money', amount: number.value, ...(currency === undefined ? {} : { currency }) }, rule };
}

function numberOf({ number, at }: Amount, tokens: readonly NumberToken[]): Finding | undefined {
  if (number.isWeak || isPartOfMore(tokens, at, number.next)) return undefined;
  const rule = number.isWritten ? 'number in words' : 'digits';
  return { type: 'number', score: number.isWritten ? 0.85 : 0.9, value: { kind: 'number', number: number.value }, rule };
}

/** 2x1, 22nd, m2, CL-20977, 12:30, 10/10, #4: an id, a date, a time or a name, no quantity. */
function isPartOfMore(tokens: readonly NumberToken[], at: number, next: number): boolean {
  const isDigits = tokens[at]?.kind === 'digits';
  const before = tokens[at - 1];
  const after = tokens[next];
  if (isDigits && tokens[at]?.isGlued && before !== undefined) {
    if (before.kind === 'word' || before.text === '#' || before.text === '_' || before.text === '@') return true;
    if (links.has(before.text) && before.isGlued && tokens[at - 2]?.kind !== 'sign') return true;
  }
  if (!after?.isGlued) return false;
  if (after.kind === 'word' || ordinals.has(after.text)) return true;
  return links.has(after.text) && tokens[next + 1]?.isGlued === true && tokens[next + 1]?.kind !== 'sign';
}

const links = new Set(['/', ':', '-', '–', '.', ',', "'", '’', '_', '@', '+', '=', '&', '?']);
const ordinals = new Set(['º', 'ª', '°']);
