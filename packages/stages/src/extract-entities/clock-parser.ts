import type { Parser } from 'chrono-node/en';

/**
 * A chrono parser for times of day in Spanish or Portuguese as people type them, with ranges: `a las 4 y media`, `de 9 a 2 pm`, `às 14h30`,
 * `das 7 as 16`. Chrono's own takes every `de 3` for a time and knows neither `14h` nor `de la tarde`.
 */
export function clockParser(language: 'es' | 'pt'): Parser {
  const pattern = patterns[language];
  return {
    pattern: () => pattern,
    extract: (context, match) => {
      const { groups = {}, index = 0 } = match;
      if (/[\p{L}\p{N}$#/:.,-]$/u.test(context.text.slice(0, index).slice(-1))) return null;
      if (isCount(groups, context.text.slice(index + match[0].length))) return null;
      const sharesHalf = Number(groups['hour1']) % 12 < Number(groups['hour2']) % 12;
      const start = clockOf(groups, '1', sharesHalf ? (groups['half2'] ?? groups['part2']) : undefined);
      const end = groups['hour2'] === undefined ? undefined : clockOf(groups, '2', undefined);
      if (start === undefined || (end === undefined && groups['hour2'] !== undefined)) return null;
      return context.createParsingResult(index, match[0].trimEnd(), start, end);
    },
  };
}

interface Clock {
  hour: number;
  minute: number;
  meridiem?: number;
}

const half = '(?:a\\.?\\s?m\\b\\.?|p\\.?\\s?m\\b\\.?|hrs?\\b\\.?)';

/** A time needs more than a number: a preposition with article, minutes, am or pm, h, or a part of the day. */
const patterns = {
  es: clockPattern({
    before: '(?:(?:a|de|d|desde|hasta|para|pa|entre|tipo|como\\s+a|sobre|antes\\s+de|despu[eé]s\\s+de)\\s+)?(?:las|la(?=\\s+1\\b))',
    range: '-|–|a|al|hasta|y(?=\\s+las)',
    again: '(?<again>las?\\s+)?',
    part: '(?:de|en|por)\\s+la\\s+(?:ma[ñn]ana|tarde|noche|madrugada)',
    more: 'y\\s+(?:media|cuarto)',
  }),
  pt: clockPattern({
    before: '(?:(?:at[eé]|para|p\\/|pra|l[aá]\\s+pel|tipo|depois\\s+d|antes\\s+d|desde)\\s*)?(?:às|as|ás|das|pelas|à(?=\\s+1\\b))',
    range: '-|–|a|às|as|até|ate',
    again: '(?<again>(?:as|às)\\s+)?',
    part: '(?:da|de|à)\\s+(?:manh[aã]|tarde|noite|madrugada)',
    more: 'e\\s+meia',
  }),
};

function clockPattern(words: { readonly before: string; readonly range: string; readonly again: string; readonly part: string; readonly more: string }): RegExp {
  const clock = (id: string) =>
    `(?<hour${id}>\\d{1,2})(?:[:.](?<minute${id}>[0-5]\\d)|\\s?(?<h${id}>h)(?<hminute${id}>[0-5]\\d)?)?(?![/:.,]?\\d)` +
    `(?:\\s+(?<more${id}>${words.more}))?(?:\\s*(?<half${id}>${half}))?(?:\\s+(?<part${id}>${words.part}))?`;
  return new RegExp(`(?:(?<before>${words.before})\\s+)?${clock('1')}(?:\\s*(?:${words.range})\\s*${words.again}${clock('2')})?(?![\\p{L}\\p{N}%])`, 'iu');
}

/** `las 3 recámaras`, `de 3 personas`: without a sign of a clock it is a count, also where a plural follows. `18 a las 4:30` is a day first. */
function isCount(groups: Readonly<Record<string, string | undefined>>, rest: string): boolean {
  const has = (...names: readonly string[]) => names.some((name) => groups[name] !== undefined);
  if (has('minute1', 'h1', 'more1', 'half1', 'part1')) return false;
  if (has('before')) return !has('hour2') && /^\s+\p{L}{2,}s(?!\p{L})/u.test(rest);
  return has('again') || !has('minute2', 'h2', 'half2', 'part2');
}

function clockOf(groups: Readonly<Record<string, string | undefined>>, id: '1' | '2', later: string | undefined): Clock | undefined {
  const hour = Number(groups[`hour${id}`]);
  const more = groups[`more${id}`];
  const minute = more === undefined ? Number(groups[`minute${id}`] ?? groups[`hminute${id}`] ?? 0) : /cuarto/i.test(more) ? 15 : 30;
  if (hour > 24 || (hour === 24 && minute > 0)) return undefined;
  const half = halfOf(groups[`half${id}`] ?? groups[`part${id}`] ?? later);
  if (half === undefined || hour > 12) return { hour: hour % 24, minute, ...(hour > 12 || groups[`h${id}`] !== undefined ? { meridiem: hour >= 12 ? 1 : 0 } : {}) };
  return { hour: (hour % 12) + 12 * half, minute, meridiem: half };
}

function halfOf(words: string | undefined): 0 | 1 | undefined {
  if (words === undefined) return undefined;
  if (/^a|ma[ñn]ana|manh|madrugada/i.test(words)) return 0;
  return /^p|tarde|noche|noite/i.test(words) ? 1 : undefined;
}
