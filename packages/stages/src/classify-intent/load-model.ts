import { createHash } from 'node:crypto';
import { colloquyError, isColloquyError, type ModelArtefact, type ModelManifest, type ModelStore } from '@colloquy/core';
import { z } from 'zod';
import type { NlpjsWeights } from './nlpjs-nlu.js';

export interface LoadedModel {
  readonly manifest: ModelManifest;
  readonly weights: NlpjsWeights;
}

/** The engine this stage reads. */
const modelFormat = 'nlpjs@4';
const weightsFile = 'weights.json';

/**
 * From the model store where one is given, else from the package of that model. Throws MODEL_NOT_FOUND, and MODEL_INVALID for
 * another format, a hash that differs, or weights that do not fit their manifest.
 */
export async function loadModel(name: string, models: ModelStore | undefined): Promise<LoadedModel> {
  const artefact = await (models === undefined ? fromPackage(name) : models.load(name));
  const { manifest } = artefact;
  const invalid = (problem: string, cause?: unknown) => colloquyError('MODEL_INVALID', { model: name, problem }, cause);
  if (manifest.format !== modelFormat) throw invalid(`found format ${manifest.format}; expected ${modelFormat}`);
  const expected = manifest.files[weightsFile];
  if (expected === undefined) throw invalid(`found no ${weightsFile} in its manifest`);
  const bytes = await artefact.read(weightsFile);
  if (createHash('sha256').update(bytes).digest('hex') !== expected) throw invalid(`the SHA-256 of ${weightsFile} differs from its manifest`);
  const weights = parsed(bytes);
  if (weights === undefined || weights.intents.join() !== manifest.labels.join()) throw invalid(`${weightsFile} does not fit its manifest`);
  return { manifest, weights };
}

async function fromPackage(name: string): Promise<ModelArtefact> {
  const specifier = `@colloquy/model-${name.replace('/', '-')}`;
  try {
    const { model } = (await import(/* @vite-ignore */ specifier)) as { readonly model: ModelArtefact };
    return model;
  } catch (cause) {
    if (isColloquyError(cause)) throw cause;
    if (isAbsence(cause)) throw colloquyError('MODEL_NOT_FOUND', { model: name, package: specifier }, cause);
    throw colloquyError('MODEL_INVALID', { model: name, problem: `the package ${specifier} cannot be loaded` }, cause);
  }
}

function isAbsence(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
}

const weightsShape = z
  .strictObject({
    features: z.array(z.string()),
    intents: z.array(z.string()),
    perceptrons: z.array(z.array(z.number())),
    seenWith: z.array(z.array(z.int().min(0))),
  })
  .refine(({ features, intents, perceptrons, seenWith }) => {
    const rows = perceptrons.length === intents.length && seenWith.length === intents.length;
    return rows && perceptrons.every((row) => row.length === features.length + 1) && seenWith.every((row) => row.every((index) => index < features.length));
  });

function parsed(bytes: Uint8Array): NlpjsWeights | undefined {
  try {
    return weightsShape.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}
