import { colloquyError, defineStage, type Doc, type Entity, type Explanation } from '@colloquy/core';
import { z } from 'zod';
import type { EntityCandidate, Recogniser, RecogniserContext } from './entity-candidate.js';
import { datetimeRecogniser } from './recognise-datetimes.js';
import { linkRecogniser } from './recognise-links.js';
import { nameRecogniser } from './recognise-names.js';
import { numberRecogniser } from './recognise-numbers.js';
import { phoneRecogniser } from './recognise-phones.js';
import { resolveConflicts, type Resolution } from './resolve-conflicts.js';

const id = 'extract-entities@1';
const entityTypes = ['person', 'place', 'number', 'money', 'datetime', 'phone', 'email', 'url'] as const;

const options = z.strictObject({
  types: z.array(z.enum(entityTypes)).min(1).default([...entityTypes]).describe('What to look for. Packages of types that are left out are not loaded.'),
  timezone: z.string().refine(isTimezone, 'expected an IANA time zone such as America/Mexico_City').default('UTC').describe('IANA time zone in which dates and times are meant.'),
  defaultCountry: z
    .string()
    .regex(/^[A-Z]{2}$/, 'expected an ISO 3166-1 code such as MX')
    .default('MX')
    .describe('ISO 3166-1 code of the country of phone numbers without country code; also tells what $ and peso mean.'),
  captions: z.boolean().default(true).describe('Look into the captions of attachments too.'),
  maxChars: z
    .int()
    .min(100)
    .max(65_536)
    .default(2_000)
    .describe('Longest stretch, in UTF-16 code units, that all but numbers are read in; longer texts are cut at line ends or spaces. Bounds the time for hostile texts.'),
});

/** Finds persons, places (English), numbers, money, dates and times, phones, e-mail addresses and URLs in the text and in captions. */
export const extractEntities = defineStage({
  id,
  summary: 'Finds entities and resolves their values',
  requires: [],
  provides: ['entities'],
  options,
  create: (settings) => {
    let opened: readonly Recogniser[] | undefined;
    return {
      open: async () => {
        opened = await openRecognisers(settings);
      },
      close: async () => {
        opened = undefined;
      },
      process: (doc, ctx) => {
        const recognisers = opened;
        if (recognisers === undefined) throw colloquyError('PIPELINE_NOT_OPEN');
        const context: RecogniserContext = { languages: languagesOf(doc), sentAtMs: Date.parse(doc.at) };
        const parts = partsOf(doc, settings.captions).map(({ part, text }) => ({ part, text, found: recognise(recognisers, text, context) }));
        const items = parts.flatMap(({ part, text, found }) => found.kept.map((candidate) => entityOf(part, text, candidate)));
        const score = items.reduce((least, item) => Math.min(least, item.score), 1);
        return { entities: { items, score, source: { stage: id }, ...(ctx.explain ? { why: explanationOf(parts) } : {}) } };
      },
    };
  },
});

async function openRecognisers({ types, timezone, defaultCountry, maxChars }: z.output<typeof options>): Promise<readonly Recogniser[]> {
  const wanted = new Set<string>(types);
  const wants = (...some: readonly (typeof entityTypes)[number][]) => some.some((type) => wanted.has(type));
  const opened = await Promise.all([
    wants('email', 'url') ? linkRecogniser(id, { maxChars }) : [],
    wants('phone') ? phoneRecogniser(id, { defaultCountry, maxChars }) : [],
    wants('datetime') ? datetimeRecogniser(id, { timezone, maxChars }) : [],
    wants('number', 'money') ? numberRecogniser({ defaultCountry }) : [],
    wants('person', 'place') ? nameRecogniser(id, { maxChars, types: wanted }) : [],
  ]);
  return opened.flat().map((recognise) => (text, context) => recognise(text, context).filter(({ type }) => wanted.has(type)));
}

function languagesOf(doc: Doc): readonly string[] {
  const language = doc.ann.language;
  return language === undefined ? [] : [...new Set([language.code, ...(language.spans ?? []).map(({ code }) => code)])];
}

/** In order of their names, as the items of the slot are. */
function partsOf(doc: Doc, withCaptions: boolean): readonly { readonly part: string; readonly text: string }[] {
  const captions = withCaptions ? doc.media.map(({ caption }, index) => ({ part: `media/${index}/caption`, text: caption ?? '' })) : [];
  const parts = [...captions.sort((a, b) => (a.part < b.part ? -1 : 1)), { part: 'text', text: doc.text }];
  return parts.filter(({ text }) => text !== '');
}

function recognise(recognisers: readonly Recogniser[], text: string, context: RecogniserContext): Resolution {
  return resolveConflicts(recognisers.flatMap((find) => find(text, context)), text.length);
}

function entityOf(part: string, whole: string, { start, end, type, score, value }: EntityCandidate): Entity {
  return { part, start, end, type, text: whole.slice(start, end), score, ...(value === undefined ? {} : { value }) };
}

/** At most 50 lines of evidence; what lost its place to a more specific type has a negative weight. */
function explanationOf(parts: readonly { readonly part: string; readonly found: Resolution }[]): Explanation {
  const lines = parts.flatMap(({ part, found }) => [
    ...found.kept.map((candidate) => ({ what: `${nameOf(part, candidate)}: ${candidate.rule}`, weight: candidate.score })),
    ...found.dropped.map((candidate) => ({ what: `${nameOf(part, candidate)}: ${candidate.rule}; left out, it overlaps a more specific or longer one`, weight: -candidate.score })),
  ]);
  const keptCount = parts.reduce((count, { found }) => count + found.kept.length, 0);
  const evidence = lines.sort((a, b) => b.weight - a.weight).slice(0, 50);
  return { summary: `kept ${keptCount} of ${lines.length} candidates; where some overlap, the more specific type stays`, evidence };
}

function nameOf(part: string, { type, start, end }: EntityCandidate): string {
  return `${type} at ${part} [${start}, ${end})`;
}

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
