import { readFileSync } from 'node:fs';
import { createDoc, parseMessage, pipeline, type LanguageAnnotation, type MessageInput, type SentimentAnnotation } from '@colloquy/core';
import { answerOf, stageSuite } from '@colloquy/testing';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { scoreSentiment } from './score-sentiment.js';

const stage = scoreSentiment();
beforeAll(() => stage.open?.());

function languageOf(code: string): LanguageAnnotation {
  return { code, alternatives: [], score: 1, source: { stage: 'test@1' } };
}

async function sentiment(text: string, code?: string, explain = false): Promise<SentimentAnnotation> {
  const doc = createDoc(parseMessage({ id: 'm', conversationId: 'c', text }));
  const answer = await answerOf(stage, (code === undefined ? doc : { ...doc, ann: { language: languageOf(code) } }) as never, { explain });
  if ('thrown' in answer) throw answer.thrown;
  return answer.patch.sentiment as SentimentAnnotation;
}

stageSuite({
  name: 'score-sentiment',
  create: () => scoreSentiment(),
  samples: [
    { id: 's1', conversationId: 'c', text: 'adorei, muito obrigada!! 🥰 nota 10' },
    { id: 's2', conversationId: 'c', text: 'NUNCA LLEGO, pésimo servicio 😡', media: [{ kind: 'image', caption: 'this is terrible' }] },
  ],
});

describe('score-sentiment labels', () => {
  it.each<[string, string, SentimentAnnotation['label']]>([
    ['excelente servicio, muchas gracias 🙌', 'es', 'positive'],
    ['quedo bien chido, se la rifaron', 'es', 'positive'],
    ['no me gusto nada, quedo mal', 'es', 'negative'],
    ['nadie me contesta y ya van 3 horas', 'es', 'negative'],
    ['me cobraron dos veces, son unos rateros', 'es', 'negative'],
    ['buenas tardes, cuánto cuesta la visita', 'es', 'neutral'],
    ['no hay problema, a las 5 está bien', 'es', 'neutral'],
    ['ahí dejo el carro', 'es', 'neutral'],
    ['no está mal', 'es', 'neutral'],
    ['graciaaaaas', 'es', 'positive'],
    ['adorei o serviço, vlw!', 'pt', 'positive'],
    ['ninguém responde, que descaso', 'pt', 'negative'],
    ['bom dia, tudo bem? quanto fica?', 'pt', 'neutral'],
    ['isso é golpe', 'pt', 'negative'],
    ['não gostei', 'pt', 'negative'],
    ['paulo was SO sweet 🥹', 'en', 'positive'],
    ['he never showed, total rip off', 'en', 'negative'],
    ["I'll need help to cancel and pay, please", 'en', 'neutral'],
    ['not good', 'en', 'negative'],
    ["I don't like it at all", 'en', 'negative'],
    ['👍🏽', 'unknown', 'positive'],
    ['😡😡', 'fr', 'negative'],
    ['5pm', 'unknown', 'neutral'],
  ])('%s (%s) %s', async (text, code, label) => {
    const answer = await sentiment(text, code);
    expect([answer.label, text]).toEqual([label, text]);
    expect(Math.sign(answer.score) * (label === 'positive' ? 1 : label === 'negative' ? -1 : 0)).toBe(label === 'neutral' ? 0 : 1);
  });

  it('with the list that knows most words where no stage told the language', async () => {
    expect((await sentiment('não gostei, péssimo', undefined, true)).why?.summary).toMatch(/list pt/);
    expect((await sentiment('me encantó, buenísimo', undefined, true)).why?.summary).toMatch(/list es/);
    expect((await sentiment('this is awful and useless', 'unknown', true)).why?.summary).toMatch(/list en/);
  });
});

describe('score-sentiment scores', () => {
  it('one word by x / √(x² + 15)', async () => {
    expect(await sentiment('perfecto', 'es')).toEqual({ label: 'positive', score: 0.6124, intensity: 0.6124, source: { stage: 'score-sentiment@1' } });
  });

  it('mixed feelings as strong but even', async () => {
    const { label, score, intensity } = await sentiment('perfecto. horrible', 'es');
    expect([label, score, intensity]).toEqual(['neutral', 0, 0.8402]);
  });

  it('stronger behind a booster, with exclamation marks and in capitals; weaker behind a damper', async () => {
    const scoreOf = async (text: string) => (await sentiment(text, 'es')).score;
    const plain = await scoreOf('llego sucio y molesto');
    expect(await scoreOf('llego sucio y muy molesto')).toBeLessThan(plain);
    expect(await scoreOf('llego sucio y molesto!!')).toBeLessThan(plain);
    expect(await scoreOf('LLEGO SUCIO Y MOLESTO')).toBeLessThan(plain);
    expect(await scoreOf('llego sucio y algo molesto')).toBeGreaterThan(plain);
  });

  it('negation within three words of a clause, not over its end', async () => {
    expect((await sentiment('no fue nada puntual', 'es')).label).toBe('negative');
    expect((await sentiment('no, puntual', 'es')).label).toBe('positive');
    expect((await sentiment('no vi a un señor tan puntual', 'es')).label).toBe('positive');
  });

  it('captions like text, and nothing where there is neither', async () => {
    const flow = pipeline().use(scoreSentiment());
    const caption = await flow.enrich({ id: 'm', conversationId: 'c', media: [{ kind: 'image', caption: 'qué horrible' }] });
    expect(caption.ann.sentiment?.label).toBe('negative');
    const photo = await flow.enrich({ id: 'm', conversationId: 'c', media: [{ kind: 'image' }] });
    expect(photo.ann.sentiment).toBeUndefined();
  });

  it('repeated emoji no more than twice', async () => {
    expect((await sentiment('😡'.repeat(40), 'es')).score).toBe((await sentiment('😡😡', 'es')).score);
  });
});

describe('score-sentiment options', () => {
  it('take own words and phrases, and take words off the lists', async () => {
    const own = pipeline().use(scoreSentiment({ words: { 'fuga de agua': -3, perfecto: 0 }, threshold: 0.5 }));
    const scoreOf = async (text: string) => (await own.enrich({ id: 'm', conversationId: 'c', text })).ann.sentiment;
    expect(await scoreOf('hay una fuga de agua')).toMatchObject({ label: 'negative', score: -0.6124 });
    expect(await scoreOf('perfecto')).toMatchObject({ label: 'neutral', score: 0 });
    expect((await sentiment('perfecto', 'es')).label).toBe('positive');
  });

  it.each([{ threshold: 0 }, { threshold: 2 }, { maxChars: 1 }, { words: { mal: -9 } }, { words: { MAL: -1 } }, { lexicon: {} }])('refuse %j', (wrong) => {
    expect(() => scoreSentiment(wrong as never)).toThrow(expect.objectContaining({ code: 'STAGE_OPTION_INVALID' }));
  });

  it('read no more than maxChars', async () => {
    const short = await pipeline().use(scoreSentiment({ maxChars: 20 })).enrich({ id: 'm', conversationId: 'c', text: `${'ya '.repeat(10)} horrible` });
    expect(short.ann.sentiment).toMatchObject({ label: 'neutral', score: 0 });
  });
});

it('score-sentiment explains with words and weights, heaviest first', async () => {
  expect((await sentiment('gracias, pero muy mal servicio y horrible', 'es', true)).why).toEqual({
    summary: '3 words of the list es add up to -4.30: -0.743',
    evidence: [
      { what: 'horrible', weight: -3 },
      { what: 'mal servicio', weight: -2.8 },
      { what: 'gracias', weight: 1.5 },
    ],
    threshold: 0.3,
  });
});

it('score-sentiment is the same whatever neutral words and signs stand around (property)', async () => {
  const neutral = fc.array(fc.constantFrom('casa', '👨‍👩‍👧', 'el lunes', '\r\n', 'שלום', '...', '2x1', '\u200b', 'cafe\u0301'), { maxLength: 12 }).map((parts) => ` . ${parts.join(' ')} . `);
  await fc.assert(
    fc.asyncProperty(neutral, neutral, fc.constantFrom('perfecto', 'PÉSIMO', 'no me gustó', 'man\u0303ana 😡', '👍🏽'), async (before, after, core) => {
      expect((await sentiment(`${before}${core}${after}`, 'es')).score).toBe((await sentiment(` . ${core} . `, 'es')).score);
    }),
    { numRuns: 200 },
  );
});

it('score-sentiment answers 30 dev messages exactly as the golden file says', async () => {
  const conversations = new Map(read<{ id: string; split: string; language: string }>('conversations').map((row) => [row.id, row]));
  const dev = read<MessageInput>('messages').filter(({ conversationId, text, direction }) => conversations.get(conversationId)?.split === 'dev' && text !== undefined && direction === 'inbound');
  const golden = dev.filter((_, index) => index % 5 < 2).slice(0, 30);
  const answers = golden.map(async ({ id, conversationId, text = '' }) => ({ id, sentiment: await sentiment(text, conversations.get(conversationId)?.language) }));
  expect(answers).toHaveLength(30);
  await expect(`${JSON.stringify(await Promise.all(answers), null, 2)}\n`).toMatchFileSnapshot('../../../../fixtures/golden/score-sentiment.json');
});

function read<Row>(file: string): readonly Row[] {
  const text = readFileSync(new URL(`../../../../fixtures/conversations/${file}.ndjson`, import.meta.url), 'utf8');
  return text.trimEnd().split('\n').map((line) => JSON.parse(line) as Row);
}
