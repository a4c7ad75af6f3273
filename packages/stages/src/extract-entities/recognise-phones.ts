import type { CountryCode } from 'libphonenumber-js/max';
import { loadPeer } from '../load-peer.js';
import { chunkText } from './chunk-text.js';
import type { EntityCandidate, Recogniser } from './entity-candidate.js';

export interface PhoneOptions {
  /** ISO 3166-1 alpha-2 code of numbers written without one. */
  readonly defaultCountry: string;
  readonly maxChars: number;
}

/** Valid phone numbers by libphonenumber-js with its full metadata; the value is E.164 and the country. */
export async function phoneRecogniser(stage: string, { defaultCountry, maxChars }: PhoneOptions): Promise<Recogniser> {
  const { findPhoneNumbersInText, parsePhoneNumberFromString } = await loadPeer(stage, 'libphonenumber-js', () => import('libphonenumber-js/max'));
  return (text, { languages }) => {
    const countries = countriesOf(languages[0], defaultCountry);
    const oldForms = oldMexicanMobiles(text.slice(0, maxChars * maxOldFormChunks), (e164) => parsePhoneNumberFromString(e164)?.isValid() ?? false);
    const others = digitStretches(text, maxChars).flatMap((stretch) => {
      const found: EntityCandidate[] = oldForms.filter(({ start, end }) => start < stretch.start + stretch.text.length && stretch.start < end);
      const known = found.length;
      for (const country of countries) {
        if (digitsOutside(stretch.text, stretch.start, found) < fewestDigits) break;
        for (const { startsAt, endsAt, number } of findPhoneNumbersInText(stretch.text, { defaultCountry: country as CountryCode })) {
          const [start, end] = [stretch.start + startsAt, stretch.start + endsAt];
          if (isPartOfMore(text, start, end) || found.some((other) => other.start < end && start < other.end)) continue;
          const isWhole = /^[+＋]/.test(stretch.text.slice(startsAt));
          found.push({
            type: 'phone',
            start,
            end,
            score: isWhole ? 0.99 : 0.9,
            value: { kind: 'phone', e164: number.number, ...(number.country === undefined ? {} : { country: number.country }) },
            rule: isWhole ? 'valid number with country code' : `valid national number of ${country}`,
          });
        }
      }
      return found.slice(known);
    });
    return [...oldForms, ...others];
  };
}

/** Until 2019 Mexican mobiles were dialled from abroad with a 1 after the 52, and WhatsApp still writes them so: `+52 1 55 1234 5678`. */
function oldMexicanMobiles(text: string, isValid: (e164: string) => boolean): readonly EntityCandidate[] {
  return [...text.matchAll(oldMexicanMobile)].flatMap((match): EntityCandidate[] => {
    const e164 = `+52${match[0].replace(/\D/g, '').slice(3)}`;
    const [start, end] = [match.index, match.index + match[0].length];
    if (!isValid(e164) || isPartOfMore(text, start, end)) return [];
    return [{ type: 'phone', start, end, score: 0.99, value: { kind: 'phone', e164, country: 'MX' }, rule: 'Mexican mobile with the former 1 after 52' }];
  });
}

const maxOldFormChunks = 32;
const oldMexicanMobile = /(?<![\p{L}\p{Nd}+])\+?52[ .-]?1[ .-]?(?:\(\d{2,3}\)[ .-]?|\d)(?:[ .-]?\d){6,8}\d(?!\p{Nd})/gu;

/** Tried in this order; a stretch taken by an earlier one is not read again. */
function countriesOf(language: string | undefined, defaultCountry: string): readonly string[] {
  if (language === 'pt') return [...new Set(['BR', defaultCountry])];
  if (language === 'en') return [...new Set(['US', defaultCountry])];
  return language === 'es' ? [defaultCountry] : [...new Set([defaultCountry, 'US', 'BR'])];
}

/** The shortest national numbers that are taken for one. */
const fewestDigits = 7;

/** Stretches of digits and what people write between them. */
function digitStretches(text: string, maxChars: number): readonly { readonly text: string; readonly start: number }[] {
  return [...text.matchAll(digitRun)].flatMap((match) => {
    const run = match[0];
    if (countDigits(run) < fewestDigits) return [];
    return chunkText(run, maxChars).map((chunk) => ({ text: chunk.text, start: match.index + chunk.start }));
  });
}

const digitRun = /[+＋(]?\p{Nd}[\p{Nd} \u00a0().+\-‐-―\u2060/]*/gu;

function countDigits(text: string): number {
  return text.replace(/\P{Nd}/gu, '').length;
}

function digitsOutside(text: string, shift: number, found: readonly EntityCandidate[]): number {
  return found.reduce((left, { start, end }) => left - countDigits(text.slice(start - shift, end - shift)), countDigits(text));
}

/** Ids, prices and fractions: a letter, a currency sign or a decimal on either side. */
function isPartOfMore(text: string, start: number, end: number): boolean {
  return /[\p{L}\p{Nd}$€#_/]$|\p{Nd}[.,]$|\p{L}-$/u.test(text.slice(Math.max(0, start - 2), start)) || /^(?:[\p{L}\p{Nd}_]|[.,]\p{Nd})/u.test(text.slice(end, end + 2));
}
