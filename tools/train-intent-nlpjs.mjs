// Trains models/intent/service-chat-nlpjs from the train conversations of the fixtures and writes weights, manifest and card.
// The same fixtures and the same nlp.js give the same bytes; --check trains again and fails where a file would change.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { tsImport } from 'tsx/esm/api';
import { root } from './workspace.mjs';

const name = 'intent/service-chat-nlpjs';
const modelDir = join(root, 'models', name);
const training = { learningRate: 0.1, momentum: 0, iterations: 30 };
const languages = ['en', 'es', 'pt'];

const source = (path) => tsImport(join(root, path), { parentURL: import.meta.url, tsconfig: join(root, 'tsconfig.json') });
const { nlpjsNlu } = await source('packages/stages/src/classify-intent/nlpjs-nlu.ts');
const { classifyIntent } = await source('packages/stages/src/classify-intent/classify-intent.ts');
const { pipeline } = await source('packages/core/src/index.ts');

const rows = labelledRows();
const weights = await trainedWeights(rows.filter(({ split }) => split === 'train'));
const manifest = await manifestOf(weights);
const files = { 'weights.json': weights, 'manifest.json': `${JSON.stringify(manifest, null, 2)}\n`, 'card.md': cardOf(manifest) };

if (process.argv.includes('--check')) {
  const stale = Object.keys(files).filter((file) => !existsSync(join(modelDir, file)) || sha256(readFileSync(join(modelDir, file))) !== sha256(files[file]));
  if (stale.length > 0) {
    console.error(`${name}: training again gives other bytes for ${stale.join(', ')}. Run: node tools/train-intent-nlpjs.mjs`);
    process.exit(1);
  }
  console.log(`${name}: training again gives the same bytes (weights ${manifest.files['weights.json'].slice(0, 12)}…)`);
} else {
  for (const [file, content] of Object.entries(files)) writeFileSync(join(modelDir, file), content);
  console.log(`${name}@${manifest.version}: ${Math.round(weights.length / 1024)} kB, accuracy dev ${manifest.scores.dev.accuracy}, test ${manifest.scores.test.accuracy}`);
}

/** Every labelled message with its text and split, in the order of the label file. */
function labelledRows() {
  const messages = new Map(ndjson('messages').map((message) => [message.id, message]));
  const splits = new Map(ndjson('conversations').map(({ id, split }) => [id, split]));
  return ndjson('labels').map(({ id, intent, lang }) => {
    const message = messages.get(id);
    return { id, intent, lang, message, split: splits.get(message.conversationId) };
  });
}

function ndjson(file) {
  return readFileSync(join(root, 'fixtures/conversations', `${file}.ndjson`), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line));
}

async function trainedWeights(trainRows) {
  const nlu = nlpjsNlu();
  await nlu.train(trainRows.map(({ message, intent }) => ({ text: message.text, intent })), training);
  return `${JSON.stringify(nlu.weights())}\n`;
}

async function manifestOf(weights) {
  const trainRows = rows.filter(({ split }) => split === 'train');
  const manifest = {
    name,
    version: JSON.parse(readFileSync(join(modelDir, 'package.json'), 'utf8')).version,
    format: 'nlpjs@4',
    labels: JSON.parse(weights).intents,
    languages,
    files: { 'weights.json': sha256(weights) },
    training: {
      engine: `@nlpjs/basic ${createRequire(import.meta.url)('@nlpjs/basic/package.json').version}`,
      settings: training,
      data: 'fixtures/conversations, split train',
      messages: trainRows.length,
      dataSha256: sha256(trainRows.map(({ id, intent, message }) => `${JSON.stringify([id, intent, message.text])}\n`).join('')),
    },
  };
  const scores = {};
  for (const split of ['dev', 'test']) scores[split] = await scoresOf({ manifest, read: async () => Buffer.from(weights) }, split);
  return { ...manifest, scores };
}

/** Through the stage with its default options, as users get it. */
async function scoresOf(artefact, split) {
  const stage = classifyIntent({ maxAlternatives: 34 }, { models: { load: async () => artefact } });
  const enriched = pipeline().use(stage);
  const results = [];
  for (const { message, intent, lang } of rows.filter((row) => row.split === split)) {
    const { ann } = await enriched.enrich(message);
    const ranked = [ann.intent.name, ...ann.intent.alternatives.map((alternative) => alternative.name)];
    results.push({ lang, intent, first: ranked[0], amongThree: ranked.slice(0, 3).includes(intent) });
  }
  await enriched.close();
  const right = results.filter(({ first, intent }) => first === intent);
  return {
    n: results.length,
    accuracy: rounded(right.length / results.length),
    amongFirstThree: rounded(results.filter(({ amongThree }) => amongThree).length / results.length),
    macroF1: macroF1(results),
    byLanguage: Object.fromEntries(
      languages.map((lang) => {
        const n = results.filter((result) => result.lang === lang).length;
        return [lang, { n, accuracy: rounded(right.filter((result) => result.lang === lang).length / n) }];
      }),
    ),
  };
}

/** Mean F1 of the labels that occur among the right answers. */
function macroF1(results) {
  const labels = [...new Set(results.map(({ intent }) => intent))];
  const f1s = labels.map((label) => {
    const hits = results.filter(({ first, intent }) => first === label && intent === label).length;
    return (2 * hits) / (results.filter(({ first }) => first === label).length + results.filter(({ intent }) => intent === label).length);
  });
  return rounded(f1s.reduce((sum, f1) => sum + f1, 0) / labels.length);
}

function rounded(value) {
  return Math.round(value * 1_000) / 1_000;
}

function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}

function cardOf({ version, labels, training: { engine, settings, messages, dataSha256 }, scores }) {
  const percent = (share) => `${(share * 100).toFixed(1)} %`;
  const row = (title, pick) => `| ${title} | ${percent(pick(scores.dev))} | ${percent(pick(scores.test))} |`;
  const byLanguage = languages.map((lang) => {
    const cell = ({ n, accuracy }) => `${percent(accuracy)} (n = ${n})`;
    return `| accuracy, ${lang} | ${cell(scores.dev.byLanguage[lang])} | ${cell(scores.test.byLanguage[lang])} |`;
  });
  return `# ${name} ${version}

What the sender of a service chat wants, one of ${labels.length} labels, for \`classify-intent@1\`. Written by \`node tools/train-intent-nlpjs.mjs\`; do not edit.

**Engine.** ${engine}: one layer of perceptrons, one for each label (learning rate ${settings.learningRate}, momentum ${settings.momentum}, ${settings.iterations} rounds), over words, four-letter word beginnings, emoji, \`?\` and \`$\`. One model for the three languages: with this little text, models for single languages did worse on held-out training conversations.

**Data.** The ${messages} labelled messages of the train conversations of \`fixtures/conversations\`, written for this project, MIT. SHA-256 of ids, labels and texts: \`${dataSha256}\`.

**Scores**, through the stage with its default options. Splits are by conversation; engine settings and threshold were chosen on train and dev, test was only reported.

| | dev (n = ${scores.dev.n}) | test (n = ${scores.test.n}) |
|---|---|---|
${row('accuracy', ({ accuracy }) => accuracy)}
${row('right label among the first three', ({ amongFirstThree }) => amongFirstThree)}
${row('macro F1', ({ macroF1: f1 }) => f1)}
${byLanguage.join('\n')}

**Limits.** About eight training messages a label, three languages together, are too few for a product: expect a wrong label on most messages that do not resemble the training text. Scores are not calibrated, so the threshold separates right from wrong only weakly. Wishes outside the labels are seldom seen as \`out_of_scope\`. The model looks at one message alone, not at what was asked before, so short answers ("sí", "the second one") depend on luck. It serves to run the pipeline end to end and as the nlp.js side of comparisons.
`;
}
