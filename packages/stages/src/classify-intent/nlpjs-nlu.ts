import { createRequire } from 'node:module';
import { intentTokens } from './intent-tokens.js';

/** A trained network as it is stored. */
export interface NlpjsWeights {
  readonly features: readonly string[];
  readonly intents: readonly string[];
  /** One row an intent: a weight for each feature, then the bias. */
  readonly perceptrons: readonly (readonly number[])[];
  /** One row an intent: indices of the features it was seen with in training. nlp.js never answers an intent without one of them. */
  readonly seenWith: readonly (readonly number[])[];
}

export interface ScoredIntent {
  readonly name: string;
  /** In (0, 1]; the scores of one text sum to 1. */
  readonly score: number;
}

export interface NlpjsNlu {
  train(examples: readonly { readonly text: string; readonly intent: string }[], settings: NlpjsTraining): Promise<void>;
  /** Weights are rounded to three decimals. */
  weights(): NlpjsWeights;
  load(weights: NlpjsWeights): void;
  /** Best first; empty where nothing in the text is known. One answer a text, in the order given. */
  predict(texts: readonly string[]): Promise<readonly (readonly ScoredIntent[])[]>;
  /** The tokens of a text that speak for or against an intent, strongest first. */
  evidence(text: string, intent: string): readonly { readonly token: string; readonly weight: number }[];
}

/** The settings of nlp.js's perceptron that matter here. */
interface NlpjsTraining {
  readonly learningRate: number;
  readonly momentum: number;
  readonly iterations: number;
}

/**
 * nlp.js's neural NLU by itself, silent, without its language guesser, file system, contexts and answers. Throws what `require`
 * throws where @nlpjs/basic is missing.
 *
 * Tokens come from intentTokens: nlp.js's own preparation keeps every text it was given in memory for an hour.
 */
export function nlpjsNlu(): NlpjsNlu {
  const nlu = bareNlu();
  const tokensOf = (text: string) => Object.fromEntries(intentTokens(text).map((token) => [token, 1]));
  nlu.prepare = async (input) => (typeof input === 'string' ? tokensOf(input) : { ...input, tokens: tokensOf(input.text) });
  return {
    train: async (examples, settings) => {
      const corpus = examples.map(({ text, intent }) => ({ utterance: text, intent }));
      await nlu.train(corpus, { ...quiet, ...settings, deltaErrorThresh: 0 });
    },
    weights: () => exported(nlu),
    load: (weights) => nlu.fromJSON(imported(weights)),
    predict: async (texts) => {
      const answers: (readonly ScoredIntent[])[] = [];
      for (const text of texts) answers.push(scored(await nlu.process(text)));
      return answers;
    },
    evidence: (text, intent) =>
      Object.entries(nlu.neuralNetwork?.explain(tokensOf(text), intent).weights ?? {})
        .map(([token, weight]) => ({ token, weight }))
        .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight) || (a.token < b.token ? -1 : 1)),
  };
}

/** What of nlp.js is used; it has no types of its own. */
interface BareNlu {
  prepare(input: string | { readonly text: string }): Promise<object>;
  train(corpus: readonly { utterance: string; intent: string }[], settings: object): Promise<unknown>;
  process(text: string): Promise<{ readonly classifications: readonly { readonly intent: string; readonly score: number }[] }>;
  toJSON(): NluJson;
  fromJSON(json: NluJson): void;
  readonly neuralNetwork?: { explain(tokens: object, intent: string): { readonly weights?: Readonly<Record<string, number>> } };
}

interface NluJson {
  settings: object;
  features: Record<string, 1>;
  intents: Record<string, 1>;
  intentFeatures: Record<string, Record<string, 1>>;
  featuresToIntent: Record<string, string[]>;
  neuralNetwork: { settings: object; features: readonly string[]; intents: readonly string[]; perceptrons: readonly (readonly number[])[] };
}

const quiet = { log: false, useNoneFeature: false };

/** Reaches nlp.js's core through @nlpjs/basic, whose entry point would also start a logger that warns on stderr. */
function bareNlu(): BareNlu {
  const here = createRequire(typeof __filename === 'string' ? __filename : import.meta.url);
  const { Nlp } = createRequire(here.resolve('@nlpjs/basic'))('@nlpjs/nlp') as {
    Nlp: new (settings: object) => { container: { get(name: string, settings: object): BareNlu } };
  };
  const { container } = new Nlp({ autoSave: false, autoLoad: false });
  return container.get('NeuralNlu', { locale: 'xx', ...quiet });
}

/** nlp.js answers `None` where nothing is activated. */
function scored({ classifications }: Awaited<ReturnType<BareNlu['process']>>): readonly ScoredIntent[] {
  return classifications
    .filter(({ intent, score }) => score > 0 && intent !== 'None')
    .map(({ intent, score }) => ({ name: intent, score }))
    .sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1));
}

function exported(nlu: BareNlu): NlpjsWeights {
  const { intentFeatures, neuralNetwork } = nlu.toJSON();
  const { features, intents, perceptrons } = neuralNetwork;
  const indexOf = new Map(features.map((feature, index) => [feature, index]));
  return {
    features,
    intents,
    perceptrons: perceptrons.map((row) => row.map((weight) => Math.round(weight * 1_000) / 1_000 || 0)),
    seenWith: intents.map((intent) => Object.keys(intentFeatures[intent] ?? {}).map((feature) => indexOf.get(feature) as number).sort((a, b) => a - b)),
  };
}

function imported({ features, intents, perceptrons, seenWith }: NlpjsWeights): NluJson {
  const ones = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 1 as const]));
  return {
    settings: {},
    features: ones(features),
    intents: ones(intents),
    intentFeatures: Object.fromEntries(intents.map((intent, row) => [intent, ones((seenWith[row] ?? []).map((index) => features[index] as string))])),
    featuresToIntent: {},
    neuralNetwork: { settings: {}, features, intents, perceptrons },
  };
}
