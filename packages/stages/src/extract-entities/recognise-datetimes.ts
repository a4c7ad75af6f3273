import type { Chrono, ParsedResult, Parser } from 'chrono-node/en';
import { loadPeer } from '../load-peer.js';
import { chunkText } from './chunk-text.js';
import { clockParser } from './clock-parser.js';
import { datetimeValue } from './datetime-value.js';
import type { EntityCandidate, Recogniser } from './entity-candidate.js';
import { weekdayParser } from './weekday-parser.js';
import { zoneClock } from './zoned-time.js';

export interface DatetimeOptions {
  /** IANA name of the zone in which times are meant. */
  readonly timezone: string;
  readonly maxChars: number;
}

/** Dates and times by chrono-node in English, Spanish and Portuguese, relative to the message's own time and forward. */
export async function datetimeRecogniser(stage: string, { timezone, maxChars }: DatetimeOptions): Promise<Recogniser> {
  const clock = zoneClock(timezone);
  const readers = await loadReaders(stage);
  return (text, { languages, sentAtMs }) => {
    if (!mayHoldTime.test(text)) return [];
    const reference = { instant: new Date(sentAtMs), timezone: clock.offsetMinutesAt(sentAtMs) };
    const known = [...readers].filter(([language]) => languages.includes(language));
    const used = known.length > 0 ? known : [...readers];
    return chunkText(text, maxChars).flatMap((chunk) =>
      used.flatMap(([language, reader]) =>
        reader.parse(chunk.text, reference, { forwardDate: true }).flatMap((result) => candidateOf(result, chunk.text, chunk.start, (kept) => datetimeValue(kept, clock, sentAtMs), language)),
      ),
    );
  };
}

async function loadReaders(stage: string): Promise<ReadonlyMap<string, Chrono>> {
  const [en, es, pt] = await Promise.all([
    loadPeer(stage, 'chrono-node', () => import('chrono-node/en')),
    loadPeer(stage, 'chrono-node', () => import('chrono-node/es')),
    loadPeer(stage, 'chrono-node', () => import('chrono-node/pt')),
  ]);
  return new Map([
    ['en', en.casual.clone()],
    ['es', withParsers(es.casual, [clockParser('es'), weekdayParser('es')])],
    ['pt', withParsers(pt.casual, [clockParser('pt'), weekdayParser('pt')])],
  ]);
}

/** Chrono's own parser of times is the one with a primary prefix; its refiner for zones takes `hay` and `est` for names of zones. */
function withParsers(chrono: Chrono, parsers: readonly Parser[]): Chrono {
  const own = chrono.clone();
  own.refiners = own.refiners.filter((refiner) => !('timezoneOverrides' in refiner));
  own.parsers = [...own.parsers.filter((parser) => !('primaryPrefix' in parser)), ...parsers];
  return own;
}

/** Digits, or enough letters for the shortest of its words. */
const mayHoldTime = /\p{Nd}|\p{L}{3}/u;

function candidateOf(result: ParsedResult, text: string, shift: number, valueOf: (result: ParsedResult) => EntityCandidate['value'], language: string): EntityCandidate[] {
  const trimmed = /[\p{L}\p{N}].*[\p{L}\p{N}.]|[\p{L}\p{N}]/su.exec(result.text);
  if (trimmed === null) return [];
  const start = result.index + trimmed.index;
  const covered = trimmed[0].replace(/(?<![ap]\.?\s?m)\.$/i, '').replace(/[.!?]\s.*$/su, '');
  const end = start + covered.length;
  if (text.slice(start, end) !== covered || cutsWord(text, start, end) || isNoTime(covered, text.slice(0, start), text.slice(end))) return [];
  const value = valueOf(result);
  if (value === undefined) return [];
  const hasDigits = /\p{Nd}/u.test(covered);
  return [{ type: 'datetime', start: shift + start, end: shift + end, score: hasDigits ? 0.9 : 0.8, value, rule: `words of time in ${language}` }];
}

function cutsWord(text: string, start: number, end: number): boolean {
  return /[\p{L}\p{M}\p{N}]$/u.test(text.slice(Math.max(0, start - 2), start)) || /^[\p{L}\p{M}\p{N}_]/u.test(text.slice(end, end + 2));
}

/** What chrono takes for a time and people do not mean as one. */
function isNoTime(covered: string, before: string, after: string): boolean {
  if (discourse.test(covered) || duration.test(covered) || bareRange.test(covered) || abbreviation.test(covered) || article.test(covered)) return true;
  if (/^(\d{1,2})\/\1$/.test(covered)) return true; // 10/10 is a rating
  return ordinal.test(covered) ? /^\s+(?:vez|op[cç]|parte|via|pessoa|m[aã]o|etapa|parcela)/iu.test(after) : partOfDay.test(covered) && !/\b(?:this|esta|esa|hoy|hoje|mañana|amanh[aã])\s*$/iu.test(before);
}

const discourse = /^(?:right )?(?:now|ahora|agora)(?: mismo)?$/i;
const units = 'segundos?|seconds?|secs?|seg|min|mins|minut[eo]s?|horas?|hours?|d|d[ií]as?|days?|w|wks?|semanas?|weeks?|mes|meses|months?|mo|a[nñ]os?|years?|yrs?|y';
const duration = new RegExp(`^(?:por |durante |de |for )?(?:\\d+(?:[.,]\\d+)?|an?|one|half|una?|uma?|dos|tres|two|three|few)\\s*(?:${units})$`, 'iu');
const bareRange = /^(?:from\s|between\s)?\s*\d{1,2}(?:\s*(?:to|-|–|and|a)\s*\d{1,2})?$/i;
const abbreviation = /^(?:mar|ter|sex|dom|may|sun|sat|mon|wed|set|out|dec|jan)$/i;
const article = /^(?:the|one|this|last|next)\s+(?:\p{L}|mon?\p{L}*ey?)$/iu;
const ordinal = /^(?:segunda|terça|terca|quarta|quinta|sexta)$/i;
const partOfDay = /^(?:morning|evening|afternoon|night|tarde|noche|noite|manh[aã]|ma[ñn]ana por la)$/iu;
