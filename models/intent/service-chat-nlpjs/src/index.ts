import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { colloquyError, type ModelArtefact, type ModelManifest } from '@colloquy/core';
import manifest from '../manifest.json';

/** The model of this package. Reading a file checks it against the manifest: MODEL_INVALID where it is missing or differs. */
export const model: ModelArtefact = { manifest: manifest satisfies ModelManifest, read };

async function read(file: string): Promise<Uint8Array> {
  const invalid = (problem: string, cause?: unknown) => colloquyError('MODEL_INVALID', { model: manifest.name, problem }, cause);
  const expected = new Map(Object.entries(manifest.files)).get(file);
  if (expected === undefined) throw invalid('the file asked for is not in its manifest');
  const bytes = await readFile(join(packageDir(), file)).catch((cause: unknown) => {
    throw invalid(`${file} cannot be read`, cause);
  });
  if (createHash('sha256').update(bytes).digest('hex') !== expected) throw invalid(`the SHA-256 of ${file} differs from its manifest`);
  return bytes;
}

/** The files lie beside the folder this code is in, src or dist. */
function packageDir(): string {
  const here = typeof __dirname === 'string' ? __dirname : dirname(fileURLToPath(import.meta.url));
  return join(here, '..');
}
