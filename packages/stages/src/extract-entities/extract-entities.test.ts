import { readFileSync } from 'node:fs';
import { createDoc, parseMessage, pipeline, type Entity, type LanguageAnnotation, type MessageInput } from '@colloquy/core';
import { answerOf, stageSuite } from '@colloquy/testing';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { extractEntities } from './extract-entities.js';

const at = '2026-03-02T15:00:00.000Z'; // a Monday; nine in the morning in Mexico City
const stage = extractEntities({ timezone: 'America/Mexico_City' });
beforeAll(() => stage.open?.());

function languageOf(code: string): LanguageAnnotation {
  return { code, alternatives: [], score: 1, source: { stage: 'test@1' } };
}

async function entities(text: string, code?: string): Promise<readonly Entity[]> {
  const doc = createDoc(parseMessage({ id: 'm', conversationId: 'c', at, text }));
  const answer = await answerOf(stage, (code === undefined ? doc : { ...doc, ann: { language: languageOf(code) } }) as never);
  if ('thrown' in answer) throw answer.thrown;
  return answer.patch.entities?.items ?? [];
}

stageSuite({
  name: 'extract-entities',
  create: () => extractEntities(),
  samples: [
    { id: 's1', conversationId: 'c', at, text: 'Marcus can be there tomorrow at 3 pm 🙂, $65. Call +1 415 555 2671 or write to bob@example.com, Ohio' },
    { id: 's2', conversationId: 'c', at, text: 'son doscientos cincuenta pesos\r\nmañana a las 5', media: [{ kind: 'image', caption: '👍🏽 R$ 1.500,00 em https://loja.example/a?b=1' }] },
  ],
});

describe('extract-entities finds', () => {
  it.each<[string, string | undefined, readonly (readonly [string, string, unknown?])[]]>([
    ['escribe a Ana.Paz@Mail.MX o mira www.tienda.mx/a', 'es', [['email', 'Ana.Paz@Mail.MX', { kind: 'text', text: 'Ana.Paz@mail.mx' }], ['url', 'www.tienda.mx/a', { kind: 'text', text: 'http://www.tienda.mx/a' }]]],
    ['gracias.no quiero nada.si acaso luego', 'es', []],
    ['marca al 55 5555 0172 👍', 'es', [['phone', '55 5555 0172', { kind: 'phone', e164: '+525555550172', country: 'MX' }]]],
    ['me liga 11 95555-0181', 'pt', [['phone', '11 95555-0181', { kind: 'phone', e164: '+5511955550181', country: 'BR' }]]],
    ['call (415) 555-2671 now', 'en', [['phone', '(415) 555-2671', { kind: 'phone', e164: '+14155552671', country: 'US' }]]],
    ['pedido TL-5512345678 y $5512345678', 'es', [['money', '$5512345678', { kind: 'money', amount: 5_512_345_678, currency: 'MXN' }]]],
    ['cuesta $1,500.50 MXN', 'es', [['money', '$1,500.50 MXN', { kind: 'money', amount: 1500.5, currency: 'MXN' }]]],
    ['de R$ 1.199,90 por 139,90 reais', 'pt', [['money', 'R$ 1.199,90', { kind: 'money', amount: 1199.9, currency: 'BRL' }], ['money', '139,90 reais', { kind: 'money', amount: 139.9, currency: 'BRL' }]]],
    ['its $2k or 20 bucks', 'en', [['money', '$2k', { kind: 'money', amount: 2000, currency: 'USD' }], ['money', '20 bucks', { kind: 'money', amount: 20, currency: 'USD' }]]],
    ['son 500 varos o 16 dólares', 'es', [['money', '500 varos', { kind: 'money', amount: 500, currency: 'MXN' }], ['money', '16 dólares', { kind: 'money', amount: 16, currency: 'USD' }]]],
    ['dos mil quinientos pesos', 'es', [['money', 'dos mil quinientos pesos', { kind: 'money', amount: 2500, currency: 'MXN' }]]],
    ['$3 mil 200', 'es', [['money', '$3 mil 200', { kind: 'money', amount: 3200, currency: 'MXN' }]]],
    ['cento e vinte e cinco reais', 'pt', [['money', 'cento e vinte e cinco reais', { kind: 'money', amount: 125, currency: 'BRL' }]]],
    ['two hundred and five guests', 'en', [['number', 'two hundred and five', { kind: 'number', number: 205 }]]],
    ['treinta y dos, 1.5 y 2,000', 'es', [['number', 'treinta y dos', { kind: 'number', number: 32 }], ['number', '1.5', { kind: 'number', number: 1.5 }], ['number', '2,000', { kind: 'number', number: 2000 }]]],
    ['lista dos clientes, 2x1, 3x2, 22 m2, 1º, CL-20977, 007, mil obrigados', 'pt', [['number', '22', { kind: 'number', number: 22 }]]],
    ['una cosa, un favor y mil gracias', 'es', []],
    ['once más', 'es', [['number', 'once', { kind: 'number', number: 11 }]]],
    ['once more', 'en', []],
    ['-5 grados', 'es', [['number', '5', { kind: 'number', number: 5 }]]],
    ['mañana a las 5', 'es', [['datetime', 'mañana a las 5', { kind: 'datetime', from: '2026-03-03T17:00:00-06:00', grain: 'datetime' }]]],
    ['el viernes 6 de 9 a 2 pm', 'es', [['datetime', 'viernes 6 de 9 a 2 pm', { kind: 'datetime', from: '2026-03-06T09:00:00-06:00', to: '2026-03-06T14:00:00-06:00', grain: 'datetime' }]]],
    ['de 1 a 3 pm', 'es', [['datetime', '1 a 3 pm', { kind: 'datetime', from: '2026-03-02T13:00:00-06:00', to: '2026-03-02T15:00:00-06:00', grain: 'time' }]]],
    ['a las 4 hay junta', 'es', [['datetime', 'a las 4', { kind: 'datetime', from: '2026-03-02T16:00:00-06:00', grain: 'time' }]]],
    ['a las 6 de la mañana', 'es', [['datetime', 'a las 6 de la mañana', { kind: 'datetime', from: '2026-03-03T06:00:00-06:00', grain: 'time' }]]],
    ['a las 7 y media', 'es', [['datetime', 'a las 7 y media', { kind: 'datetime', from: '2026-03-03T07:30:00-06:00', grain: 'time' }]]],
    ['casa de 3 recámaras, tengo 12 años aquí, ahora sí, buenas noches', 'es', [['number', '3', { kind: 'number', number: 3 }], ['number', '12', { kind: 'number', number: 12 }]]],
    ['hoje às 14h30', 'pt', [['datetime', 'hoje às 14h30', { kind: 'datetime', from: '2026-03-02T14:30:00-06:00', grain: 'datetime' }]]],
    ['sexta das 7 as 16', 'pt', [['datetime', 'sexta das 7 as 16', { kind: 'datetime', from: '2026-03-06T07:00:00-06:00', to: '2026-03-06T16:00:00-06:00', grain: 'datetime' }]]],
    ['segunda vez que pido', 'pt', []],
    ['tomorrow 8am please', 'en', [['datetime', 'tomorrow 8am', { kind: 'datetime', from: '2026-03-03T08:00:00-06:00', grain: 'datetime' }]]],
    ['good morning, 10/10, now 3 to 5 days', 'en', [['number', '3', { kind: 'number', number: 3 }], ['number', '5', { kind: 'number', number: 5 }]]],
    ['July 4 at 5pm EST', 'en', [['datetime', 'July 4 at 5pm EST', { kind: 'datetime', from: '2026-07-04T17:00:00-05:00', grain: 'datetime' }]]],
    ['Marcus Reed lives in New York', 'en', [['person', 'Marcus Reed'], ['place', 'New York']]],
    ['Marcus Reed vive en New York', 'es', []],
    ['mañana paga 20 dollars', undefined, [['datetime', 'mañana', { kind: 'datetime', from: '2026-03-03', grain: 'date' }], ['money', '20 dollars', { kind: 'money', amount: 20, currency: 'USD' }]]],
    ['５０ pesos', 'es', [['money', '５０ pesos', { kind: 'money', amount: 50, currency: 'MXN' }]]],
  ])('%s', async (text, code, expected) => {
    const items = await entities(text, code);
    expect(items.map(({ type, text: covered, value }) => (value === undefined ? [type, covered] : [type, covered, value]))).toEqual(expected);
    for (const item of items) expect(text.slice(item.start, item.end)).toBe(item.text);
  });

  it('the exact stretch behind emoji, CRLF and decomposed accents', async () => {
    const text = '👨‍👩‍👧‍👦 man\u0303ana\r\n👍🏽 $250 y cafe\u0301: ana@example.com';
    expect((await entities(text, 'es')).map(({ type, start, end }) => [type, start, end])).toEqual([
      ['money', 26, 30],
      ['email', 40, 55],
    ]);
  });

  it('the same in captions, ordered by part', async () => {
    const doc = await pipeline().use(extractEntities()).enrich({ id: 'm', conversationId: 'c', text: 'a 5', media: [{ kind: 'image' }, { kind: 'image', caption: 'son $20' }] });
    expect(doc.ann.entities?.items.map(({ part, type, start }) => [part, type, start])).toEqual([
      ['media/1/caption', 'money', 4],
      ['text', 'number', 2],
    ]);
  });
});

describe('extract-entities options', () => {
  it('looks only for the types asked', async () => {
    const only = pipeline().use(extractEntities({ types: ['money'], captions: false }));
    const doc = await only.enrich({ id: 'm', conversationId: 'c', text: '20 pesos, 3 cosas, a@b.com', media: [{ kind: 'image', caption: '$5' }] });
    expect(doc.ann.entities?.items.map(({ text }) => text)).toEqual(['20 pesos']);
  });

  it('reads national numbers, $ and peso by the country', async () => {
    const argentina = pipeline().use(extractEntities({ defaultCountry: 'AR' }));
    const doc = await argentina.enrich({ id: 'm', conversationId: 'c', text: 'son $20 o 30 pesos, 011 4555-0134' });
    expect(doc.ann.entities?.items.map(({ value }) => value)).toEqual([
      { kind: 'money', amount: 20, currency: 'ARS' },
      { kind: 'money', amount: 30, currency: 'ARS' },
      { kind: 'phone', e164: '+541145550134', country: 'AR' },
    ]);
  });

  it.each([{ timezone: 'Mars/Base' }, { defaultCountry: 'mx' }, { types: [] }, { types: ['iban'] }, { maxChars: 1 }, { colour: 'red' }])('refuses %j', (wrong) => {
    expect(() => extractEntities(wrong as never)).toThrow(expect.objectContaining({ code: 'STAGE_OPTION_INVALID' }));
  });

  it('reads names, dates and phones in long texts piece by piece', async () => {
    const filler = 'palabra '.repeat(2_000);
    const text = `${filler}mañana ${filler}55 5555 0172 ${filler}`;
    const found = (await entities(text, 'es')).map(({ type, start }) => [type, start]);
    expect(found).toEqual([
      ['datetime', filler.length],
      ['phone', 2 * filler.length + 'mañana '.length],
    ]);
  });
});

describe('extract-entities holds out against', () => {
  it.each([
    ['names', 'John Smith of New York '],
    ['phones', '+1 415 555 2671 '],
    ['dates', '5 de marzo de 2026 a las 5 '],
    ['number words', 'dos mil un cien mil y '],
    ['addresses', 'a@b.com http://a.b '],
    ['half addresses', 'http://'],
    ['marks', `e${'\u0301'.repeat(60)}`],
  ])('65,536 characters of %s', async (_, piece) => {
    const startedAt = performance.now();
    await entities(piece.repeat(65_536 / piece.length));
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  }, 30_000);
});

it('extract-entities answers 30 dev messages exactly as the golden file says', async () => {
  const languages = new Map(read<{ id: string; split: string; language: string }>('conversations').map((row) => [row.id, row]));
  const dev = read<MessageInput>('messages').filter(({ conversationId, text = '' }) => languages.get(conversationId)?.split === 'dev' && /\d|@|\p{Lu}\p{Ll}+ \p{Lu}/u.test(text));
  const golden = dev.filter((_, index) => index % 7 < 4).slice(0, 30);
  const answers = golden.map(async ({ id, conversationId, at: sentAt, text }) => {
    const doc = createDoc(parseMessage({ id, conversationId, text, at: sentAt }, { now: Date.parse('2030-01-01') }));
    const language = languageOf(languages.get(conversationId)?.language ?? 'unknown');
    const answer = await answerOf(stage, { ...doc, ann: { language } } as never);
    return { id, ...('patch' in answer ? answer.patch : {}) };
  });
  expect(answers).toHaveLength(30);
  await expect(`${JSON.stringify(await Promise.all(answers), null, 2)}\n`).toMatchFileSnapshot('../../../../fixtures/golden/extract-entities.json');
});

describe('extract-entities explains', () => {
  it('what was found by which rule, and what gave way', async () => {
    const doc = await pipeline().use(extractEntities()).enrich({ id: 'm', conversationId: 'c', text: 'son $20' }, { explain: true });
    expect(doc.ann.entities?.why).toEqual({
      summary: 'kept 1 of 1 candidates; where some overlap, the more specific type stays',
      evidence: [{ what: 'money at text [4, 7): amount with a dollar sign', weight: 0.95 }],
    });
    const link = await pipeline().use(extractEntities()).enrich({ id: 'm', conversationId: 'c', text: 'https://x.example/ 7 5512345678' }, { explain: true });
    expect(link.ann.entities?.why?.evidence.at(-1)).toEqual({ what: 'number at text [21, 31): digits; left out, it overlaps a more specific or longer one', weight: -0.9 });
  });
});

describe('wherever it stands in whatever text, extract-entities finds', () => {
  const surroundings = fc
    .tuple(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.constantFrom('', '👩🏽‍🔧', '\r\n', 'e\u0301', 'שלום', '🇲🇽'), fc.string({ unit: 'binary', maxLength: 10 }))
    .map((parts) => parts.join('').replace(/[\p{N}\p{Sc}\p{L}\p{Cc}\p{Cf}\p{P}\p{S}]/gu, (char) => (/[\p{Lo}\p{So}\r\n\u200d]/u.test(char) ? char : ' ')));
  it.each([
    ['money', '$1,500.50', 'es'],
    ['money', 'R$ 23,90', 'pt'],
    ['number', '42', 'en'],
    ['number', 'doscientos veinte', 'es'],
    ['email', 'bob.h@example.com', 'en'],
    ['url', 'https://casa.example/p/19?x=1', 'es'],
    ['phone', '+52 55 5555 0172', 'es'],
    ['datetime', '12:30', 'es'],
    ['datetime', 'amanhã', 'pt'],
    ['datetime', 'tomorrow at 5 pm', 'en'],
    ['person', 'Marcus Reed', 'en'],
  ])('%s %s', async (type, entity, code) => {
    await fc.assert(
      fc.asyncProperty(surroundings, surroundings, async (before, after) => {
        const text = `${before} ${entity} ${after}`;
        const found = (await entities(text, code)).filter((item) => item.type === type).map(({ start, end }) => [start, end]);
        expect(found).toContainEqual([before.length + 1, before.length + 1 + entity.length]);
      }),
      { numRuns: 60 },
    );
  });
});

function read<Row>(file: string): readonly Row[] {
  const text = readFileSync(new URL(`../../../../fixtures/conversations/${file}.ndjson`, import.meta.url), 'utf8');
  return text.trimEnd().split('\n').map((line) => JSON.parse(line) as Row);
}
