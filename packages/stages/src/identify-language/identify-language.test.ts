import { readFileSync } from 'node:fs';
import { pipeline, type LanguageAnnotation, type MessageInput } from '@colloquy/core';
import { stageSuite } from '@colloquy/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { identifyLanguage } from './identify-language.js';

const enriched = pipeline().use(identifyLanguage());
afterAll(() => enriched.close());

async function languageOf(text: string, explain = false): Promise<LanguageAnnotation | undefined> {
  const media = text.trim() === '' ? [{ kind: 'image' as const, caption: 'x' }] : [];
  return (await enriched.enrich({ id: 'm', conversationId: 'c', text, media }, { explain })).ann.language;
}

stageSuite({ name: 'identify-language@1', create: () => identifyLanguage() });

describe('identify-language', () => {
  it.each([
    ['en', 'hi'],
    ['en', 'yes please'],
    ['en', 'can u send someone tmrw? kitchen sink is leaking again'],
    ['es', 'hola'],
    ['es', 'sí'],
    ['es', 'Buenas tardes'],
    ['es', 'oiga y a q hora llega el plomero, ya llevo rato esperando'],
    ['es', 'mándeme la factura a ana@example.com'],
    ['pt', 'oi'],
    ['pt', 'nao'],
    ['pt', 'blz, obrigada'],
    ['pt', 'vcs atendem no sabado? preciso arrumar o chuveiro'],
    ['unknown', 'ok'],
    ['unknown', 'no'],
    ['unknown', 'jaja'],
    ['unknown', 'jajajaja 😂'],
    ['unknown', 'kkkk'],
    ['unknown', 'Haha OK'],
    ['unknown', '👍👍'],
    ['unknown', '12345'],
    ['unknown', '$350, 5:30'],
    ['unknown', 'Ana'],
    ['unknown', 'Roberto Gómez'],
    ['unknown', 'Dany Fuentes +52 55 5555 0125'],
    ['unknown', 'https://example.com/hello/thank-you'],
    ['unknown', 'maria.good.morning@example.com'],
  ])('%s: %s', async (code, text) => {
    expect((await languageOf(text))?.code).toBe(code);
  });

  it('leaves a message without text alone', async () => {
    expect(await languageOf('')).toBeUndefined();
    expect(await languageOf(' \n ')).toBeUndefined();
  });

  it('gives probabilities of the three languages, best first', async () => {
    const { score, alternatives } = (await languageOf('confirmado el pago')) as LanguageAnnotation;
    expect(alternatives).toHaveLength(2);
    expect(score).toBeGreaterThan(alternatives[0]?.score ?? 1);
    expect(alternatives[0]?.score).toBeGreaterThanOrEqual(alternatives[1]?.score ?? 1);
    expect(score + alternatives.reduce((sum, alternative) => sum + alternative.score, 0)).toBeCloseTo(1, 3);
  });

  it('keeps the candidates of an unknown below the threshold', async () => {
    const strict = pipeline().use(identifyLanguage({ threshold: 1 }));
    const { ann } = await strict.enrich({ id: 'm', conversationId: 'c', text: 'sí please, confírmala' });
    expect(ann.language).toMatchObject({ code: 'unknown' });
    expect(ann.language?.alternatives.map(({ code }) => code).sort()).toEqual(['en', 'es', 'pt']);
    expect(ann.language?.score).toBeCloseTo(1 - (ann.language?.alternatives[0]?.score ?? 0), 3);
  });

  it('explains: telling words, probabilities, threshold and runner-up', async () => {
    expect((await languageOf('hola'))?.why).toBeUndefined();
    const why = (await languageOf('hola', true))?.why;
    expect(why?.summary).toBe('es is likeliest, by telling words and letter sequences of 1 word');
    expect(why?.evidence[0]).toEqual({ what: 'the word "hola" is es', weight: 1 });
    expect(why).toMatchObject({ threshold: 0.5, runnerUp: { name: 'en' } });
    expect((await languageOf('Roberto Gómez', true))?.why?.summary).toBe('nothing to tell a language by: a name');
    expect((await languageOf('👍', true))?.why?.summary).toBe('nothing to tell a language by: no words');
  });

  it('reads only the beginning of a long text', async () => {
    const short = pipeline().use(identifyLanguage({ maxChars: 60 }));
    const text = `${'the plumber did not come and I am still waiting here '.repeat(2)}${'no llegó el plomero y sigo esperando '.repeat(200)}`;
    expect((await short.enrich({ id: 'm', conversationId: 'c', text })).ann.language?.code).toBe('en');
  });

  it('refuses options out of range', () => {
    expect(() => identifyLanguage({ threshold: 2 })).toThrow(expect.objectContaining({ code: 'STAGE_OPTION_INVALID' }));
    expect(() => identifyLanguage({ minLetter: 2 } as object)).toThrow(expect.objectContaining({ code: 'STAGE_OPTION_INVALID' }));
  });

  it('does not run before it is open', () => {
    const stage = identifyLanguage();
    expect(() => stage.process({ text: 'hola' } as never, {} as never)).toThrow(expect.objectContaining({ code: 'PIPELINE_NOT_OPEN' }));
  });
});

describe('identify-language on the fixtures', () => {
  const conversations = read<{ id: string; split: string }>('conversations');
  const messages = read<MessageInput & { text?: string }>('messages');
  const labels = read<{ id: string; lang: string }>('labels');
  const splitOf = new Map(conversations.map(({ id, split }) => [id, split]));
  const byId = new Map(messages.map((message) => [message.id, message]));
  const of = (split: string) => labels.flatMap(({ id, lang }) => {
    const message = byId.get(id) as MessageInput;
    return splitOf.get(message.conversationId) === split ? [{ message, lang }] : [];
  });

  it.each([
    ['dev', 77, 80],
    ['test', 126, 131],
  ])('%s: finds %i of %i', async (split, right, n) => {
    const rows = of(split);
    const codes = await Promise.all(rows.map(async ({ message }) => (await enriched.enrich(message)).ann.language?.code));
    expect([rows.filter(({ lang }, index) => codes[index] === lang).length, rows.length]).toEqual([right, n]);
  });

  it('answers 30 dev messages exactly as the golden file says', async () => {
    const golden = of('dev').filter((_, index) => index % 8 < 3);
    const answers = await Promise.all(golden.map(async ({ message }) => ({ id: message.id, ...(await enriched.enrich(message)).ann })));
    expect(answers).toHaveLength(30);
    await expect(`${JSON.stringify(answers, null, 2)}\n`).toMatchFileSnapshot('../../../../fixtures/golden/identify-language.json');
  });
});

function read<Row>(file: string): readonly Row[] {
  const text = readFileSync(new URL(`../../../../fixtures/conversations/${file}.ndjson`, import.meta.url), 'utf8');
  return text.trimEnd().split('\n').map((line) => JSON.parse(line) as Row);
}
