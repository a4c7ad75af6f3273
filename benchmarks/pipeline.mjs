// Messages per CPU-second of the text pipeline and of each stage, one thread, one message a call, beside what a Node user would
// put in a row today: nlp.js (language, intent, entities, sentiment), compromise (entities), sentiment. Contestants take turns
// in rounds over the same lines; the median round counts.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pipeline } from 'colloquy';
import { classifyIntent } from 'colloquy/classify-intent';
import { extractEntities } from 'colloquy/extract-entities';
import { identifyLanguage } from 'colloquy/identify-language';
import { scoreSentiment } from 'colloquy/score-sentiment';

const rounds = 5;
const root = join(import.meta.dirname, '..');

export async function benchmark() {
  const messages = ndjson('fixtures/conversations/messages.ndjson').filter(({ direction, text }) => direction === 'inbound' && text).map((message) => ({ ...message, media: [] }));
  const ours = {
    'colloquy: language + intent + entities + sentiment': pipeline().use(identifyLanguage()).use(classifyIntent()).use(extractEntities()).use(scoreSentiment()),
    'colloquy: identify-language@1': pipeline().use(identifyLanguage()),
    'colloquy: classify-intent@1': pipeline().use(classifyIntent()),
    'colloquy: extract-entities@1': pipeline().use(extractEntities()),
    'colloquy: score-sentiment@1': pipeline().use(scoreSentiment()),
    'colloquy: no stage': pipeline(),
  };
  const contestants = Object.entries(ours).map(([name, built]) => [name, (message) => built.enrich(message)]);
  contestants.push(...(await peers()));
  const rates = new Map(contestants.map(([name]) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, work] of contestants) {
      const rate = await measure(work, messages);
      if (round > 0) rates.get(name).push(rate); // the first warms up
    }
  }
  return [...rates].map(([contestant, found]) => ({
    contestant,
    'messages per CPU-second, median': Math.round(median(found)),
    lowest: Math.round(Math.min(...found)),
    highest: Math.round(Math.max(...found)),
    'n a round': messages.length,
    rounds,
  }));
}

async function measure(work, messages) {
  const before = process.cpuUsage();
  for (const message of messages) await work(message);
  const { user, system } = process.cpuUsage(before);
  return messages.length / ((user + system) / 1e6);
}

/** Set up as their own documentation says; nlp.js trained on the same train split as our model. */
async function peers() {
  const require = createRequire(import.meta.url);
  const { dockStart } = require('@nlpjs/basic');
  const dock = await dockStart({ settings: { nlp: { languages: ['en', 'es', 'pt'], autoSave: false, log: false } }, use: ['Basic', 'LangEn'] });
  const nlp = dock.get('nlp');
  const byId = new Map(ndjson('fixtures/conversations/messages.ndjson').map((message) => [message.id, message]));
  const splits = new Map(ndjson('fixtures/conversations/conversations.ndjson').map(({ id, split }) => [id, split]));
  for (const { id, intent, lang } of ndjson('fixtures/conversations/labels.ndjson')) {
    const { text, conversationId } = byId.get(id);
    if (splits.get(conversationId) === 'train' && lang !== 'unknown') nlp.addDocument(lang, text, intent);
  }
  await nlp.train();
  const { default: compromise } = await import('compromise');
  const Sentiment = require('sentiment');
  const sentiment = new Sentiment();
  const row = async ({ text }) => {
    await nlp.process(text);
    const doc = compromise(text);
    doc.people().json();
    doc.places().json();
    doc.numbers().json();
    sentiment.analyze(text);
  };
  return [['in a row: nlp.js + compromise + sentiment', row]];
}

function ndjson(file) {
  return readFileSync(join(root, file), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line));
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
