import { colloquyError, defineStage, type Doc, type Explanation, type IntentAnnotation, type Patch, type StageContext } from '@colloquy/core';
import { z } from 'zod';
import { loadPeer } from '../load-peer.js';
import { tokenText } from './intent-tokens.js';
import { loadModel } from './load-model.js';
import { nlpjsNlu, type NlpjsNlu, type ScoredIntent } from './nlpjs-nlu.js';

const id = 'classify-intent@1';
const outOfScope = 'out_of_scope';

const options = z.strictObject({
  model: z
    .string()
    .regex(/^[a-z0-9-]+\/[a-z0-9-]+$/)
    .default('intent/service-chat-nlpjs')
    .describe('Name of the model, task/name; loaded from the model directory where there is one, else from the package @colloquy/model-task-name.'),
  threshold: z.number().min(0).max(1).default(0.2).describe('The answer is `out_of_scope` where the best intent has a lower score than this.'),
  directions: z
    .array(z.enum(['inbound', 'outbound']))
    .min(1)
    .default(['inbound'])
    .describe('Messages of which directions are classified.'),
  maxAlternatives: z.int().min(0).default(3).describe('How many of the other candidates an annotation lists.'),
});

/** A model that is open. */
interface Classifier {
  /** `name@version`. */
  readonly model: string;
  readonly languages: readonly string[];
  readonly nlu: NlpjsNlu;
}

/**
 * What the sender wants, by nlp.js. A message gets no annotation where it has no text, is not of the chosen directions, or is
 * in a language the model was not trained on (by the language slot, where that is filled).
 */
export const classifyIntent = defineStage({
  id,
  summary: 'What the sender wants: one of the labels of a model, or out_of_scope',
  requires: [],
  provides: ['intent'],
  options,
  create: (settings, { models }) => {
    let classifier: Classifier | undefined;
    const concerns = (doc: Doc, { languages }: Classifier): boolean => {
      const code = doc.ann.language?.code ?? 'unknown';
      return doc.text.trim() !== '' && settings.directions.includes(doc.direction) && (code === 'unknown' || languages.includes(code));
    };
    const processBatch = async (docs: readonly Doc[], contexts: readonly StageContext[]): Promise<readonly Patch<'intent'>[]> => {
      if (classifier === undefined) throw colloquyError('PIPELINE_NOT_OPEN');
      const open = classifier;
      const concerned = docs.filter((doc) => concerns(doc, open));
      const raw = await open.nlu.predict(concerned.map((doc) => doc.text));
      const answers = new Map(concerned.map((doc, index) => [doc, raw[index] ?? []]));
      return docs.map((doc, index) => {
        const ranked = answers.get(doc);
        return ranked === undefined ? {} : annotate(doc, ranked, { ...settings, ...open, explain: contexts[index]?.explain ?? false });
      });
    };
    return {
      get models() {
        return classifier === undefined ? [] : [classifier.model];
      },
      open: async () => {
        const nlu = await loadPeer(id, '@nlpjs/basic', async () => nlpjsNlu());
        const { manifest, weights } = await loadModel(settings.model, models);
        nlu.load(weights);
        classifier = { model: `${manifest.name}@${manifest.version}`, languages: manifest.languages, nlu };
      },
      close: async () => {
        classifier = undefined;
      },
      process: async (doc, ctx) => (await processBatch([doc], [ctx]))[0] ?? {},
      processBatch,
    };
  },
});

interface AnnotateOptions extends Classifier {
  readonly threshold: number;
  readonly maxAlternatives: number;
  readonly explain: boolean;
}

function annotate(doc: Doc, raw: readonly ScoredIntent[], options: AnnotateOptions): Patch<'intent'> {
  const candidates = raw.map(({ name, score }) => ({ name, score: rounded(score) }));
  const best = candidates[0];
  const accepted = best !== undefined && best.score >= options.threshold;
  const name = accepted ? best.name : outOfScope;
  const intent: IntentAnnotation = {
    name,
    score: accepted ? best.score : rounded(1 - (best?.score ?? 0)),
    alternatives: candidates.filter((candidate) => candidate.name !== name).slice(0, options.maxAlternatives),
    source: { stage: id, model: options.model },
  };
  return { intent: options.explain ? { ...intent, why: explanationOf(doc, candidates, options) } : intent };
}

const maxEvidence = 5;

function explanationOf(doc: Doc, candidates: readonly ScoredIntent[], { nlu, threshold }: AnnotateOptions): Explanation {
  const [best, runnerUp] = candidates;
  if (best === undefined) return { summary: 'no word of the text is known to the model', evidence: [], threshold };
  const verdict = best.score < threshold ? `${best.name} scores best, but below the threshold` : `${best.name} scores best`;
  return {
    summary: `${verdict}, by the words and word beginnings the model learned`,
    evidence: nlu
      .evidence(doc.text, best.name)
      .slice(0, maxEvidence)
      .map(({ token, weight }) => ({ what: tokenText(token), weight: rounded(weight) })),
    threshold,
    ...(runnerUp === undefined ? {} : { runnerUp }),
  };
}

function rounded(score: number): number {
  return Math.round(score * 10_000) / 10_000;
}
