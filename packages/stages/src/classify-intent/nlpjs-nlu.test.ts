import { describe, expect, it } from 'vitest';
import { nlpjsNlu, type NlpjsNlu } from './nlpjs-nlu.js';

const examples = [
  ['hola', 'greeting'],
  ['buenas tardes', 'greeting'],
  ['cuanto cuesta la visita', 'ask_price'],
  ['que precio tiene', 'ask_price'],
  ['gracias', 'thanks'],
].map(([text, intent]) => ({ text: text as string, intent: intent as string }));
const settings = { learningRate: 0.1, momentum: 0, iterations: 30 };

async function trained(): Promise<NlpjsNlu> {
  const nlu = nlpjsNlu();
  await nlu.train(examples, settings);
  return nlu;
}

async function loaded(): Promise<NlpjsNlu> {
  const nlu = nlpjsNlu();
  nlu.load((await trained()).weights());
  return nlu;
}

describe('nlpjsNlu', () => {
  it('trains to the same weights from the same examples', async () => {
    expect((await trained()).weights()).toEqual((await trained()).weights());
  });

  it('predicts what it was taught, scores summing to 1', async () => {
    const nlu = await loaded();
    const answers = await nlu.predict(examples.map(({ text }) => text));
    expect(answers.map((answer) => answer[0]?.name)).toEqual(examples.map(({ intent }) => intent));
    for (const answer of answers) expect(answer.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 9);
  });

  it('answers nothing where nothing is known, also for names every object has', async () => {
    expect(await (await loaded()).predict(['', 'xyzzy', 'constructor', '__proto__', 'hasOwnProperty'])).toEqual([[], [], [], [], []]);
  });

  it('answers the same in any order and any company', async () => {
    const nlu = await loaded();
    const texts = ['hola, cuanto cuesta', 'gracias hola', 'buenas, que precio', 'cuesta'];
    const together = await nlu.predict(texts);
    const reversed = await nlu.predict([...texts].reverse());
    const atOnce = await Promise.all(texts.map(async (text) => (await nlu.predict([text]))[0]));
    expect([...reversed].reverse()).toEqual(together);
    expect(atOnce).toEqual(together);
  });

  it('tells which tokens spoke for an intent', async () => {
    const evidence = (await loaded()).evidence('hola cuesta', 'ask_price');
    expect(evidence[0]?.token).toMatch(/^=?cues/);
    expect(evidence.find(({ token }) => token === '=hola')?.weight).toBeLessThanOrEqual(0);
    expect((await loaded()).evidence('hola', 'no_such_intent')).toEqual([]);
  });
});
